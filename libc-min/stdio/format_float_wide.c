/* wprintf's conversions of floating numbers. */
#define WIDE
#include "format_float.c" /* NOLINT(bugprone-suspicious-include) */
