#include "process.h"

#include "registers.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

__attribute__((format(printf, 4, 5))) static bool add(struct process *process, const char *group,
                                                      const char *name, const char *format, ...)
{
    /* doubles at each power of two, because the loader's realloc() frees nothing */
    if ((process->count & (process->count - 1)) == 0) {
        struct process_item *more =
            realloc(process->items,
                    (process->count ? 2 * process->count : 1) * sizeof *process->items);
        if (more == NULL)
            return false;
        process->items = more;
    }
    struct process_item *item = &process->items[process->count];
    va_list list;
    va_start(list, format);
    int length = vasprintf(&item->value, format, list);
    va_end(list);
    item->group = group;
    item->name = strdup(name);
    if (length < 0 || item->name == NULL) {
        if (length >= 0)
            free(item->value);
        free(item->name);
        return false;
    }
    process->count++;
    return true;
}

/* The text as one line for a report, with NULs and newlines made visible. */
static char *one_line(char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == '\0' || text[length - 1] == '\n'))
        text[--length] = '\0';
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\0' || text[i] == '\n')
            text[i] = ' ';
    }
    return text;
}

/* A whole small file of /proc/PID as one item. */
static bool add_file(struct process *process, pid_t pid, const char *file)
{
    char path[160];
    size_t length;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    char *text = maps_read_file(path, &length);
    if (text == NULL)
        return add(process, "proc", file, "(%s)", strerror(errno));
    bool added = add(process, "proc", file, "%s", one_line(text, length));
    free(text);
    return added;
}

static bool add_link(struct process *process, pid_t pid, const char *group, const char *link)
{
    char path[320], target[4096];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, link);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return add(process, group, link, "(%s)", strerror(errno));
    target[length] = '\0';
    return add(process, group, link, "%s", target);
}

/* Fields of /proc/PID/stat that execve sets (proc(5)). */
static bool add_stat(struct process *process, pid_t pid)
{
    static const struct {
        int field;
        char name[12];
    } fields[] = {
        {26, "startcode"}, {27, "endcode"},   {28, "startstack"}, {45, "start_data"},
        {46, "end_data"},  {47, "start_brk"}, {48, "arg_start"},  {49, "arg_end"},
        {50, "env_start"}, {51, "env_end"},
    };
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    char *text = maps_read_file(path, NULL);
    char *at = text == NULL ? NULL : strrchr(text, ')'); /* the name may hold anything */
    if (at == NULL) {
        free(text);
        return false;
    }
    int number = 2;
    bool added = true;
    for (char *field = strtok(at + 1, " "); field != NULL; field = strtok(NULL, " ")) {
        number++;
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
            if (fields[i].field == number)
                added &= add(process, "stat", fields[i].name, "0x%llx", strtoull(field, NULL, 10));
        }
    }
    free(text);
    return added;
}

/* The lines of /proc/PID/status that execve determines: sizes that follow from mappings, signals,
 * credentials; but no resource usage. */
static bool add_status(struct process *process, pid_t pid)
{
    static const char names[][12] = {
        "Name",   "Umask",  "Uid",    "Gid",     "Groups", "VmSize", "VmLck",      "VmData",
        "VmStk",  "VmExe",  "VmLib",  "Threads", "SigPnd", "ShdPnd", "SigBlk",     "SigIgn",
        "SigCgt", "CapInh", "CapPrm", "CapEff",  "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp",
    };
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    char *text = maps_read_file(path, NULL);
    if (text == NULL)
        return false;
    bool added = true;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        size_t length = strcspn(line, ":");
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            if (strlen(names[i]) == length && memcmp(line, names[i], length) == 0)
                added &= add(process, "status", names[i], "%s",
                             line + length + 1 + strspn(line + length + 1, " \t"));
        }
    }
    free(text);
    return added;
}

static bool add_descriptors(struct process *process, pid_t pid)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *directory = opendir(path);
    if (directory == NULL)
        return add(process, "descriptors", "fd", "(%s)", strerror(errno));
    bool added = true;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char link[300];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(link, sizeof link, "fd/%s", entry->d_name);
        added &= add_link(process, pid, "descriptors", link);
    }
    closedir(directory);
    return added;
}

static bool add_registers(struct process *process, const struct registers *registers,
                          bool addresses)
{
    bool added = true;
    for (size_t i = 0; i < registers->count; i++) {
        const struct register_value *value = &registers->values[i];
        /* registers that hold addresses are not comparable if addresses differ */
        if (!addresses && (strcmp(value->name, registers->pc_name) == 0 ||
                           strcmp(value->name, registers->sp_name) == 0))
            added &= add(process, "registers", value->name, "(random)");
        else
            added &= add(process, "registers", value->name, "0x%" PRIx64, value->value);
    }
    return added && add(process, "registers", registers->vector_name, "%s",
                        registers->vector_zero ? "0" : "not all 0");
}

static bool peek(pid_t pid, uint64_t address, void *to, size_t length)
{
    struct iovec local = {to, length}, remote = {(void *)(uintptr_t)address, length};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)length;
}

/* Appends a string of the process as an item. */
static bool add_string(struct process *process, pid_t pid, const char *group, const char *name,
                       uint64_t address)
{
    char text[256];
    size_t length = 0;
    while (length < sizeof text - 1 && peek(pid, address + length, text + length, 1) &&
           text[length] != '\0')
        length++;
    text[length] = '\0';
    return add(process, group, name, "%s", text);
}

/* Appends argc, argv, envp and auxv, read from the stack pointer upwards, and a checksum of the
 * whole stack without AT_RANDOM's bytes. */
static bool add_stack(struct process *process, pid_t pid, uint64_t sp, bool addresses)
{
    const struct mapping *mapping = NULL;
    for (size_t i = 0; i < process->maps.count; i++) {
        if (sp >= process->maps.entries[i].start && sp < process->maps.entries[i].end)
            mapping = &process->maps.entries[i];
    }
    if (mapping == NULL)
        return add(process, "stack", "pointer", "outside any mapping");
    size_t bytes = mapping->end - sp;
    uint64_t *words = malloc(bytes + sizeof *words);
    if (words == NULL || !peek(pid, sp, words, bytes)) {
        free(words);
        return false;
    }
    words[bytes / sizeof *words] = 0;
    size_t last = bytes / sizeof *words, at = 1, vector = 0, index = 0;
    char name[32];
    bool added = add(process, "stack", "argc", "%" PRIu64, words[0]);
    for (; vector < 2 && at < last; at++) {
        if (words[at] == 0) {
            vector++;
            index = 0;
            continue;
        }
        snprintf(name, sizeof name, "%s[%zu]", vector == 0 ? "argv" : "envp", index++);
        added &= add_string(process, pid, "stack", name, words[at]);
    }
    uint64_t random = 0;
    for (; at + 1 < last; at += 2) {
        snprintf(name, sizeof name, "type %" PRIu64, words[at]);
        if (words[at] == AT_RANDOM)
            random = words[at + 1];
        bool is_address = words[at + 1] >= 0x10000 && words[at] != AT_HWCAP;
        if (addresses || !is_address)
            added &= add(process, "auxv", name, "0x%" PRIx64, words[at + 1]);
        if (words[at] == AT_EXECFN || words[at] == AT_PLATFORM) {
            snprintf(name, sizeof name, "text of type %" PRIu64, words[at]);
            added &= add_string(process, pid, "auxv", name, words[at + 1]);
        }
        if (words[at] == AT_NULL)
            break;
    }
    uint64_t hash = 14695981039346656037ull; /* FNV-1a */
    const unsigned char *byte = (const unsigned char *)words;
    for (size_t i = 0; i < bytes; i++) {
        bool left_out = random != 0 && sp + i >= random && sp + i < random + 16;
        hash = (hash ^ (left_out ? 0 : byte[i])) * 1099511628211ull;
    }
    if (addresses)
        added &= add(process, "stack", "bytes", "%zu, checksum %016" PRIx64, bytes, hash);
    free(words);
    return added;
}

bool process_read(struct process *process, pid_t pid, bool addresses)
{
    static const char files[][16] = {"cmdline",     "environ",       "comm",         "limits",
                                     "personality", "timerslack_ns", "oom_score_adj"};
    static const char links[][8] = {"exe", "cwd", "root"};
    struct registers registers;
    *process = (struct process){0};
    if (!maps_read(&process->maps, pid) || !registers_read(&registers, pid) ||
        !add_registers(process, &registers, addresses) ||
        !add_stack(process, pid, registers.sp, addresses) || !add_status(process, pid) ||
        !add_descriptors(process, pid) || (addresses && !add_stat(process, pid)))
        return false;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (!add_file(process, pid, files[i]))
            return false;
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        if (!add_link(process, pid, "proc", links[i]))
            return false;
    }
    return true;
}

void process_free(struct process *process)
{
    for (size_t i = 0; i < process->count; i++) {
        free(process->items[i].name);
        free(process->items[i].value);
    }
    free(process->items);
    maps_free(&process->maps);
    *process = (struct process){0};
}

const char *process_find(const struct process *process, const char *group, const char *name)
{
    for (size_t i = 0; i < process->count; i++) {
        if (strcmp(process->items[i].group, group) == 0 &&
            strcmp(process->items[i].name, name) == 0)
            return process->items[i].value;
    }
    return NULL;
}
