#include "compare.h"
int compare_run(struct report *report, struct launch *launch, char **tool_envp, struct problem *problem){(void)report;(void)launch;(void)tool_envp;(void)problem;return 0;}
