/* Where a function lies in rt's text (rules.mk). */
#ifndef RT_PLACEMENT_H
#define RT_PLACEMENT_H

/* A function that an ordinary run does not execute. It lies behind those that it does. */
#define COLD __attribute__((cold, noinline, section(".text.~cold")))

/* In a file of such functions, a function that every run executes. */
#define HOT __attribute__((section(".text.hot")))

#endif
