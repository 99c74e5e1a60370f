/* Where a function lies in rt's text (rules.mk). */
#ifndef RT_PLACEMENT_H
#define RT_PLACEMENT_H

/* A function that no run as such executes: it lies behind those that do. */
#define COLD __attribute__((cold, noinline, section(".text.~cold")))

/* In a file of such functions, one that every run executes. */
#define HOT __attribute__((section(".text.hot")))

#endif
