/* The parser of /proc/PID/maps: lines as the kernel writes them (proc(5)), with names that are odd.
 */
#include "inspect/maps.c" /* for parse_line() */
#include "unit.h"

#include <sys/mman.h>

/* The line in writable memory that is as long as it is. */
static bool parse(struct mapping *mapping, const char *line)
{
    static char *copy;
    free(copy);
    copy = strdup(line);
    if (copy == NULL)
        abort();
    memset(mapping, 0, sizeof *mapping);
    return parse_line(mapping, copy);
}

static void reads_every_field(void)
{
    struct mapping m;
    CHECK(parse(
        &m, "7f0102030000-7f0102031000 r-xp 0001e000 fe:01 123456                     /lib/a.so"));
    CHECK(m.start == 0x7f0102030000 && m.end == 0x7f0102031000 && m.offset == 0x1e000);
    CHECK(m.inode == 123456);
    CHECK_TEXT(m.permissions, "r-xp");
    CHECK_TEXT(m.device, "fe:01");
    CHECK_TEXT(m.name, "/lib/a.so");
}

static void reads_odd_names(void)
{
    static const struct {
        const char *line, *name;
        enum mapping_kind kind;
    } lines[] = {
        {"1000-2000 rw-p 00000000 00:00 0 ", "", MAPPING_ANONYMOUS},
        {"1000-2000 rw-p 00000000 00:00 0", "", MAPPING_ANONYMOUS},
        {"1000-2000 rw-p 00000000 00:00 0                          [heap]", "[heap]", MAPPING_HEAP},
        {"1000-2000 rw-p 00000000 00:00 0                          [stack]", "[stack]",
         MAPPING_STACK},
        {"1000-2000 r-xp 00000000 00:00 0                          [vdso]", "[vdso]",
         MAPPING_KERNEL},
        {"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]", "[vsyscall]",
         MAPPING_KERNEL},
        {"1000-2000 rw-p 00000000 00:00 0                          [anon: my  name]",
         "[anon: my  name]", MAPPING_ANONYMOUS},
        {"1000-2000 r-xp 00000000 fe:01 7                          /a b/c  d", "/a b/c  d",
         MAPPING_CODE},
        {"1000-2000 r--p 00000000 fe:01 7                          /gone (deleted)",
         "/gone (deleted)", MAPPING_CONSTANT},
        {"1000-2000 rw-p 00000000 fe:01 7                          /a\\012b", "/a\\012b",
         MAPPING_DATA},
        {"1000-2000 rw-s 00000000 00:01 9                          /memfd:[heap] (deleted)",
         "/memfd:[heap] (deleted)", MAPPING_DATA},
        {"1000-2000 r--p 00000000 fe:01 7                          /[stack]", "/[stack]",
         MAPPING_CONSTANT},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct mapping m;
        CHECK(parse(&m, lines[i].line));
        CHECK_TEXT(m.name, lines[i].name);
        CHECK_TEXT(mapping_kind_name(mapping_kind(&m)), mapping_kind_name(lines[i].kind));
    }
}

static void refuses_what_is_no_line(void)
{
    static const char whole[] = "1000-2000 rw-p 00000000 00:00 0";
    struct mapping m;
    for (size_t length = 0; length < sizeof whole - 2; length++) {
        char cut[sizeof whole] = "";
        memcpy(cut, whole, length);
        CHECK(!parse(&m, cut));
    }
    CHECK(parse(&m, whole));
    CHECK(!parse(&m, "Name: cat"));
}

/* A mapping that this process has just made is there, with its name. */
static void reads_this_process(void)
{
    int fd = memfd_create("a  b\n[heap]", 0);
    char *at = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
    struct maps maps;
    size_t found = 0;
    if (!CHECK(at != MAP_FAILED) || !CHECK(maps_read(&maps, getpid())))
        return;
    for (size_t i = 0; i < maps.count; i++) {
        const struct mapping *m = &maps.entries[i];
        CHECK(i == 0 || m->start >= maps.entries[i - 1].end);
        if (m->start != (uintptr_t)at)
            continue;
        found++;
        CHECK(m->end == m->start + 8192);
        CHECK_TEXT(m->permissions, "r--s");
        CHECK_TEXT(m->name, "/memfd:a  b\\012[heap] (deleted)");
    }
    CHECK(found == 1);
    munmap(at, 8192);
    close(fd);
    free(maps.entries);
    free(maps.text);
}

static void says_why_not(void)
{
    struct maps maps;
    errno = 0;
    CHECK(!maps_read(&maps, 0x7fffffff));
    CHECK(errno == ENOENT);
}

const struct unit_test maps_tests[] = {
    {"every field of a line", reads_every_field},
    {"names with blanks and escapes, and none", reads_odd_names},
    {"what is cut off is no line", refuses_what_is_no_line},
    {"the maps of this process", reads_this_process},
    {"a process that is not there", says_why_not},
    {NULL, NULL},
};
