/* Numbers as wscanf's input items. */
#define WIDE
#include "scan_item.c" /* NOLINT(bugprone-suspicious-include) */
