/* bss: zeroes that are in no file, and the page where they begin.
 *
 * A data segment is longer in memory (p_memsz) than in the file (p_filesz); the rest, .bss, must
 * read as zeroes. The whole pages of .bss are new anonymous memory, which the kernel zeroes. The
 * file's bytes mostly end in the middle of a page: the mapping of that page holds the bytes that
 * follow in the file, and the loader must clear them. A missing clear is the classic loader bug:
 *
 *          file contents      | must be cleared |  anonymous memory           | never used
 *     -----------------------_edata----------page end-- ... ----------------_end------page end
 *
 * When main runs, not every byte from _edata to _end is zero: .bss also holds variables of libc and
 * of the compiler's start files (in dynamic programs also copies of libc's variables, such as
 * stdout), and the start code has set some of them. The program checks:
 *   - every byte of its own array. The linker places the array near the front of .bss, so that its
 *     first bytes are in the page to be cleared: "of it in the page of _edata" says how many.
 *   - the bytes from _end to the end of its page. No variable is there, but they are in the last
 *     page of .bss; if that page has file contents too, the loader has cleared them.
 *     In a dynamic musl program the bytes are shown and not checked: musl's dynamic linker gives
 *     them to malloc, and malloc writes a header there before main.
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>

/* ld defines these; only the addresses mean something. */
extern char _edata[];      /* end of the segment's bytes in the file */
extern char __bss_start[]; /* the first byte of .bss: _edata, or next to it */
extern char _end[];        /* end of the segment in memory */

/* Initialised, so that the segment has file contents before .bss, even with a libc that has none.
 */
static volatile int initialised = 42;

/* volatile: the program never writes here, and without it the compiler would assume zeroes instead
 * of reading them. */
static volatile unsigned char zeroes[8 * 1024 * 1024];

static uintptr_t page_end(uintptr_t address)
{
    uintptr_t page = getauxval(AT_PAGESZ);

    return (address + page - 1) & -page;
}

/* Returns the first address in [start, end) whose byte is not zero, or `end` if all are. */
static uintptr_t nonzero_find(uintptr_t start, uintptr_t end)
{
    for (uintptr_t at = start; at < end; at++)
        if (*(volatile unsigned char *)at != 0)
            return at;
    return end;
}

static void print_range(const char *what, uintptr_t start, uintptr_t end)
{
    char range[48];

    snprintf(range, sizeof range, "%#jx-%#jx", (uintmax_t)start, (uintmax_t)end);
    printf("%-29s  %-29s  %7ju bytes: ", what, range, (uintmax_t)(end - start));
}

/* Prints the range and its contents; returns 0 if all bytes are zero, 1 if not. */
static int check(const char *what, uintptr_t start, uintptr_t end)
{
    uintptr_t bad = nonzero_find(start, end);

    print_range(what, start, end);
    if (bad == end) {
        puts("all zero");
        return 0;
    }
    printf("NOT ZERO at %#jx: 0x%02x\n", (uintmax_t)bad, *(volatile unsigned char *)bad);
    return 1;
}

/* True if the dynamic linker may have given the bytes after _end to malloc, as musl's does.
 * AT_BASE is the address of the dynamic linker, and 0 in a static program. */
static int scrap_is_lent(void)
{
#ifdef __GLIBC__
    return 0;
#else
    return getauxval(AT_BASE) != 0;
#endif
}

int main(void)
{
    uintptr_t edata = (uintptr_t)_edata, end = (uintptr_t)_end;
    uintptr_t first = (uintptr_t)zeroes, last = first + sizeof zeroes;
    uintptr_t cleared = page_end(edata); /* end of the page that the loader clears by hand */
    uintptr_t in_page = first < cleared ? cleared - first : 0;
    const char *scrap = "after _end, to its page's end";
    int bad = 0;

    printf("%-29s  %#jx\n", "end of file contents (_edata)", (uintmax_t)edata);
    printf("%-29s  %#jx\n", "start of .bss (__bss_start)", (uintmax_t)(uintptr_t)__bss_start);
    printf("%-29s  %#jx\n", "end of .bss (_end)", (uintmax_t)end);

    bad |= check("own array", first, last);
    bad |= check("  of it in the page of _edata", first, first + in_page);
    if (scrap_is_lent()) {
        print_range(scrap, end, page_end(end));
        puts("not checked, may be lent to malloc");
    } else {
        bad |= check(scrap, end, page_end(end));
    }

    if (initialised != 42) {
        printf("initialised variable is %d, not 42: cleared too much\n", initialised);
        bad = 1;
    }
    return bad;
}
