/* greet.h: the two libraries of the sample `libraries`, see samples/libraries.c. */
#ifndef SAMPLES_GREET_H
#define SAMPLES_GREET_H

/* libgreet.so */
extern int greet_total;       /* greetings of all threads */
const char *greet_word(void); /* what it greets with; the program has its own */
void greet(char *text, int size, const char *name); /* writes the greeting of somebody */
void *greet_finds(const char *name);                /* where that library finds a symbol; or NULL */

/* libcount.so */
extern _Thread_local int count_calls; /* of count_next in this thread */
int count_next(void);
void *count_finds(const char *name);

#endif
