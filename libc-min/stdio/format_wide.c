/* wprintf's format language. */
#define WIDE
#include "format.c" /* NOLINT(bugprone-suspicious-include) */
