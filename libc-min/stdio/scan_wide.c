/* wscanf's format language. */
#define WIDE
#include "scan.c" /* NOLINT(bugprone-suspicious-include) */
