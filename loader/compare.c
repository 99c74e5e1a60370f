#include "compare.h"
int compare_run(struct report *report, struct launch *launch, const struct self *self, struct problem *problem){(void)report;(void)launch;(void)self;(void)problem;return 0;}
