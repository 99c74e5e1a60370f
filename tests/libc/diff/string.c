/* Random strings through every function of <string.h> that reads strings: what each answers. */
#include "../check.h"
#include <ctype.h>
#include <strings.h>

enum { ROOM = 3 * 4096 };

static char *left, *right;

/* A random string of at most `most` characters of so few kinds that they often agree, near a page
 * boundary. */
static char *random_string(char *room, size_t most)
{
    static const char letters[] = "aAbB01. -\xe9";
    size_t length = random_next() % (most + 1), kinds = 1 + random_next() % (sizeof letters - 1);
    char *string = room + ROOM - 4096 - length / 2 - random_next() % 40;

    if (random_next() % 4 == 0)
        string = room + ROOM - length - 1;
    for (size_t i = 0; i < length; i++)
        string[i] = letters[random_next() % kinds];
    string[length] = 0;
    return string;
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

/* Where in the string, or -1. */
static long at(const char *string, const char *place)
{
    return place ? (long)(place - string) : -1;
}

int main(int argc, char **argv)
{
    long rounds = argc > 2 ? atol(argv[2]) : 1000;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    left = page_edge(ROOM);
    right = page_edge(ROOM);
    for (long round = 0; round < rounds; round++) {
        size_t most = (size_t[]){3, 20, 100, 1000}[random_next() % 4];
        char *a = random_string(left, most), *b = random_string(right, most), copy[4096], *rest;
        size_t n = random_next() % (most + 2), common = random_next() % (most + 1);
        int c = "aAbB01. -\xe9\0x"[random_next() % 12];

        if (random_next() % 2 && common <= strlen(a) && common <= strlen(b))
            memcpy(b, a, common);
        printf("%zu %zu", strlen(a), strnlen(a, n));
        printf(" %d %d %d %d", sign(strcmp(a, b)), sign(strncmp(a, b, n)), sign(strcasecmp(a, b)),
               sign(strncasecmp(a, b, n)));
        /* Not strverscmp(): musl has "1" after "a", glibc before it. */
        printf(" %d", sign(strcoll(a, b)));
        printf(" %ld %ld %ld", at(a, strchr(a, c)), at(a, strrchr(a, c)), at(a, strchrnul(a, c)));
        printf(" %zu %zu %ld", strspn(a, b), strcspn(a, b), at(a, strpbrk(a, b)));
        strcpy(copy, b);
        copy[n < 12 ? n : 12] = 0;
        /* Not "" in "", which musl's strcasestr() does not find. */
        printf(" %ld %ld", at(a, strstr(a, copy)), *a ? at(a, strcasestr(a, copy)) : 0);
        printf(" %ld", at(a, memmem(a, strlen(a), copy, strlen(copy))));

        memset(copy, '#', sizeof copy);
        strncpy(copy, a, n);
        printf(" %.*s", (int)n + 1, copy[0] ? copy : "");
        printf(" %ld", at(copy, stpncpy(copy, b, n)));
        printf(" %ld", at(copy, stpcpy(copy, b)));
        printf(" %s\n", strncat(strcat(copy, a), b, n));
        strcpy(copy, a);
        for (char *token = strtok_r(copy, " .-", &rest); token;
             token = strtok_r(NULL, " .-", &rest))
            printf("[%s]", token);
        strcpy(copy, b);
        rest = copy;
        for (char *field; (field = strsep(&rest, " .")) != NULL;)
            printf("(%s)", field);
        putchar('\n');
    }
    return 0;
}
