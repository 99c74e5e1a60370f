/* greet.h: the two libraries of samples/libraries.c. */
#ifndef SAMPLES_GREET_H
#define SAMPLES_GREET_H

/* libgreet.so */
extern int greet_total;       /* greetings of all threads */
const char *greet_word(void); /* begins a greeting; the program overrides it */
void greet(char *text, int size, const char *name); /* writes a greeting for `name` */
void *greet_finds(const char *name); /* the symbol's address in that library; or NULL */

/* libcount.so */
extern _Thread_local int count_calls; /* of count_next in this thread */
int count_next(void);
void *count_finds(const char *name);

#endif
