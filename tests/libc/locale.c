/* not glibc: it has only the locales that are installed, and "C" does not encode bytes from 0x80 up
 *
 * setlocale(), newlocale() and their kin: names, and whose locale decides what a character is. */
#include "check.h"
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <wchar.h>

static const char *const variables[] = {"LC_ALL",  "LANG",       "LC_CTYPE",    "LC_NUMERIC",
                                        "LC_TIME", "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES"};

static void environment_clear(void)
{
    for (size_t j = 0; j < sizeof variables / sizeof variables[0]; j++)
        unsetenv(variables[j]);
}

static void test_names(void)
{
    char *mixed;

    CHECK_TEXT(setlocale(LC_ALL, NULL), "C");
    CHECK_TEXT(setlocale(LC_ALL, "POSIX"), "C");
    CHECK_TEXT(setlocale(LC_ALL, "de_DE.UTF-8"), "de_DE.UTF-8");
    CHECK_TEXT(setlocale(LC_MONETARY, NULL), "de_DE.UTF-8");
    CHECK_TEXT(setlocale(LC_ALL, "nonsense"), "nonsense");
    CHECK_TEXT(setlocale(LC_TIME, "fr_FR"), "fr_FR");
    CHECK_TEXT(setlocale(LC_ALL, NULL), "nonsense;nonsense;fr_FR;nonsense;nonsense;nonsense");
    CHECK_TEXT(setlocale(LC_ALL, "C"), "C");
    CHECK_TEXT(setlocale(LC_TIME, NULL), "C");
    /* only characters have a C.UTF-8 */
    CHECK_TEXT(setlocale(LC_ALL, "C.UTF-8"), "C.UTF-8;C;C;C;C;C");
    CHECK_TEXT(setlocale(LC_NUMERIC, "C.UTF-8"), "C");
    /* one that could be no file's is that */
    CHECK_TEXT(setlocale(LC_CTYPE, "../x"), "C.UTF-8");
    CHECK_TEXT(setlocale(LC_CTYPE, "a/b"), "C.UTF-8");
    CHECK_TEXT(setlocale(LC_CTYPE, ".x"), "C.UTF-8");
    CHECK_TEXT(setlocale(LC_CTYPE, "abcdefghijklmnopqrstuvw"), "abcdefghijklmnopqrstuvw");
    CHECK_TEXT(setlocale(LC_CTYPE, "abcdefghijklmnopqrstuvwx"), "C.UTF-8");
    CHECK(!setlocale(LC_ALL + 1, "C") && !setlocale(-1, "C") && !setlocale(100, NULL));

    setlocale(LC_ALL, "C");
    setlocale(LC_CTYPE, "de_DE");
    setlocale(LC_MESSAGES, "es");
    mixed = strdup(setlocale(LC_ALL, NULL));
    CHECK_TEXT(mixed, "de_DE;C;C;C;C;es");
    setlocale(LC_ALL, "C");
    CHECK_TEXT(setlocale(LC_ALL, mixed), mixed);
    CHECK_TEXT(setlocale(LC_MESSAGES, NULL), "es");
    free(mixed);
    CHECK_TEXT(setlocale(LC_ALL, "C;de;fr"), "C;de;fr;fr;fr;fr");
    CHECK_TEXT(setlocale(LC_ALL, "C;de;abcdefghijklmnopqrstuvwx;es"), "C;de;de;de;de;de");
    CHECK_TEXT(setlocale(LC_ALL, "C;de;fr;a;b;c;d;e"), "C;de;fr;a;b;c");
    CHECK_IS(MB_CUR_MAX, 1);
    setlocale(LC_ALL, "C");
}

static void test_environment(void)
{
    environment_clear();
    CHECK_TEXT(setlocale(LC_ALL, ""), "C.UTF-8;C;C;C;C;C");
    setenv("LANG", "sv_SE", 1);
    setenv("LC_TIME", "POSIX", 1);
    setenv("LC_NUMERIC", "", 1);
    CHECK_TEXT(setlocale(LC_ALL, ""), "sv_SE;sv_SE;C;sv_SE;sv_SE;sv_SE");
    setenv("LC_ALL", "da", 1);
    CHECK_TEXT(setlocale(LC_TIME, ""), "da");
    CHECK_TEXT(setlocale(LC_ALL, NULL), "sv_SE;sv_SE;da;sv_SE;sv_SE;sv_SE");
    CHECK_TEXT(setlocale(LC_ALL, ""), "da");
    environment_clear();
    setlocale(LC_ALL, "C");
}

static const char *name_of(locale_t locale, int category)
{
    return nl_langinfo_l(_NL_LOCALE_NAME(category), locale);
}

static void test_objects(void)
{
    locale_t one, other, copy;

    environment_clear();
    one = newlocale(LC_ALL_MASK, "de", 0);
    other = newlocale(LC_TIME_MASK, "fr", newlocale(LC_ALL_MASK, "de", 0));
    CHECK_TEXT(name_of(one, LC_TIME), "de");
    CHECK_TEXT(name_of(other, LC_TIME), "fr");
    CHECK_TEXT(name_of(other, LC_CTYPE), "de");
    copy = duplocale(other);
    freelocale(other);
    CHECK_TEXT(name_of(copy, LC_TIME), "fr");
    freelocale(copy);
    CHECK_TEXT(nl_langinfo_l(CODESET, one), "UTF-8");
    one = newlocale(LC_CTYPE_MASK, "C", one);
    CHECK_TEXT(nl_langinfo_l(CODESET, one), "ASCII");
    CHECK_TEXT(name_of(one, LC_NUMERIC), "de");
    freelocale(one);

    /* what the mask leaves open is the environment's */
    setenv("LANG", "it", 1);
    one = newlocale(LC_NUMERIC_MASK, "C", 0);
    CHECK_TEXT(name_of(one, LC_NUMERIC), "C");
    CHECK_TEXT(name_of(one, LC_MESSAGES), "it");
    CHECK_TEXT(nl_langinfo_l(CODESET, one), "UTF-8");
    environment_clear();

    setlocale(LC_TIME, "nn");
    copy = duplocale(LC_GLOBAL_LOCALE);
    CHECK(copy && copy != LC_GLOBAL_LOCALE);
    setlocale(LC_ALL, "C");
    CHECK_TEXT(name_of(copy, LC_TIME), "nn");
    CHECK_TEXT(nl_langinfo(_NL_LOCALE_NAME(LC_TIME)), "C");
}

/* Each function that knows characters, in the encoding that it is to know. */
static void check_characters(int utf8)
{
    static const char text[] = "\xc3\xa9";
    wchar_t wide[4] = {0};
    char bytes[MB_LEN_MAX];
    const char *from = text;
    const wchar_t *wide_from = L"\u00e9";
    mbstate_t state = {0};
    FILE *file = tmpfile();

    CHECK_IS(MB_CUR_MAX, utf8 ? 4 : 1);
    CHECK_TEXT(nl_langinfo(CODESET), utf8 ? "UTF-8" : "ASCII");
    CHECK_IS(mbtowc(wide, text, 2), utf8 ? 2 : 1);
    CHECK_IS(wide[0], utf8 ? 0xE9 : 0xDFC3);
    CHECK_IS(mblen(text, 2), utf8 ? 2 : 1);
    CHECK_IS(mbrtowc(wide, text, 2, &state), utf8 ? 2 : 1);
    CHECK_IS(mbrlen(text, 2, &state), utf8 ? 2 : 1);
    CHECK_IS(mbstowcs(wide, text, 4), utf8 ? 1 : 2);
    CHECK_IS(mbsrtowcs(wide, &from, 4, &state), utf8 ? 1 : 2);
    from = text;
    CHECK_IS(mbsnrtowcs(wide, &from, 2, 4, &state), utf8 ? 1 : 2);
    CHECK_IS(wctomb(bytes, 0xE9), utf8 ? 2 : -1);
    CHECK_IS(wcrtomb(bytes, 0xE9, &state), utf8 ? 2 : -1);
    CHECK_IS(wcstombs(bytes, L"\u00e9", 3), utf8 ? 2 : -1);
    CHECK_IS(wcsrtombs(bytes, &wide_from, 3, &state), utf8 ? 2 : -1);
    wide_from = L"\u00e9";
    CHECK_IS(wcsnrtombs(bytes, &wide_from, 1, 3, &state), utf8 ? 2 : -1);
    CHECK_IS(btowc(0xC3), utf8 ? WEOF : 0xDFC3);
    CHECK_IS(wctob(0xDFC3), utf8 ? EOF : 0xC3);
    CHECK_IS(snprintf(bytes, sizeof bytes, "%lc", 0xE9), utf8 ? 2 : -1);
    CHECK_IS(snprintf(bytes, sizeof bytes, "%ls", L"\u00e9"), utf8 ? 2 : -1);
    wmemset(wide, 0, 4);
    CHECK_IS(sscanf(text, "%ls", wide), 1);
    CHECK_IS(wcslen(wide), utf8 ? 1 : 2);
    wide_from = L"\u00e9";
    CHECK_IS(fputwc(0xE9, file) == WEOF, !utf8);
    fclose(file);
}

static void test_own(void)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", 0), c = newlocale(LC_ALL_MASK, "C", 0);

    CHECK(uselocale(0) == LC_GLOBAL_LOCALE);
    check_characters(0);
    CHECK(uselocale(utf8) == LC_GLOBAL_LOCALE && uselocale(0) == utf8);
    check_characters(1);
    CHECK_TEXT(setlocale(LC_CTYPE, NULL), "C"); /* the process's, whatever the thread has */
    setlocale(LC_ALL, "C.UTF-8");
    CHECK(uselocale(c) == utf8);
    check_characters(0);
    CHECK_TEXT(nl_langinfo_l(CODESET, utf8), "UTF-8");
    CHECK_TEXT(nl_langinfo_l(CODESET, duplocale(LC_GLOBAL_LOCALE)), "UTF-8");
    CHECK_TEXT(localeconv()->decimal_point, ".");
    CHECK(uselocale(LC_GLOBAL_LOCALE) == c && uselocale(0) == LC_GLOBAL_LOCALE);
    check_characters(1);
    setlocale(LC_ALL, "C");
}

/* A thread begins in the process's locale, not in that of the thread that made it. */
static void *thread_main(void *argument)
{
    CHECK(uselocale(0) == LC_GLOBAL_LOCALE);
    check_characters(0);
    uselocale((locale_t)argument);
    check_characters(1);
    return NULL;
}

static void test_thread(void)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", 0);
    pthread_t thread;

    CHECK(uselocale(utf8) == LC_GLOBAL_LOCALE);
    pthread_create(&thread, NULL, thread_main, utf8);
    pthread_join(thread, NULL);
    uselocale(LC_GLOBAL_LOCALE);
    pthread_create(&thread, NULL, thread_main, utf8);
    pthread_join(thread, NULL);
    check_characters(0);
}

/* Threads set and ask all at once: every answer is a name that some thread has given. */
static void *thread_sets(void *argument)
{
    const char *name = argument;

    for (int j = 0; j < 2000; j++) {
        const char *answer = setlocale(LC_TIME, j % 2 ? name : "C");
        locale_t own = newlocale(LC_ALL_MASK, name, 0);

        CHECK(answer && strcmp(answer, j % 2 ? name : "C") == 0);
        CHECK(own != NULL);
        uselocale(own);
        CHECK_IS(MB_CUR_MAX, 4);
        uselocale(LC_GLOBAL_LOCALE);
        freelocale(own);
    }
    return NULL;
}

static void test_threads_set(void)
{
    pthread_t threads[4];
    static const char *const names[] = {"aa", "bb", "cc", "dd"};

    for (int j = 0; j < 4; j++)
        pthread_create(&threads[j], NULL, thread_sets, (void *)names[j]);
    for (int j = 0; j < 4; j++)
        pthread_join(threads[j], NULL);
    setlocale(LC_ALL, "C");
}

int main(void)
{
    test_names();
    test_environment();
    test_objects();
    test_own();
    test_thread();
    test_threads_set();
    return check_end();
}
