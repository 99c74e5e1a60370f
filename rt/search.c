#include "search.h"

#include "allocate.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "fixed.h"
#include "load.h"
#include "machine.h"
#include "map.h"
#include "rules.h"
#include "system.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* The default path is musl's, so that libraries built for musl are found: the folders of this file
 * or, without it, these. */
#define DEFAULT_FILE "/etc/ld-musl-x86_64.path"
static __attribute__((section(".bss.~folders"))) char default_folders[1024];

/* All of an open file, without the separators at its end: a line's end there is not one more
 * folder, the one the process is in. "" if it cannot be read. */
static const char *read_folders(long fd)
{
    char *text = default_folders;
    size_t room = sizeof default_folders, length = 0;
    long got;
    while ((got = sys_call(SYS_read, fd, text + length, room - 1 - length)) > 0) {
        length += (size_t)got;
        if (length < room - 1)
            break; /* the end of the file */
        char *more = allocate(2 * room);
        if (more == NULL)
            break;
        memcpy(more, text, length);
        if (text != default_folders)
            release(text);
        text = more;
        room *= 2;
    }
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ':'))
        length--;
    text[length] = '\0';
    return text;
}

static const char *default_path(void)
{
    static const char *folders;
    if (folders == NULL) {
        long fd = sys_call(SYS_open, DEFAULT_FILE, O_RDONLY | O_CLOEXEC, 0);
        folders = fd < 0 ? "" : read_folders(fd);
        if (fd >= 0)
            sys_call(SYS_close, fd);
        if (*folders == '\0')
            folders = "/lib:/usr/local/lib:/usr/lib";
    }
    return folders;
}

bool search_reserved(const char *name)
{
    static const char reserved[][8] = {"c", "pthread", "rt", "m", "dl", "util", "xnet"};
    if (strcmp(name, ARCH_MUSL_LINKER) == 0)
        return true;
    if (strncmp(name, "lib", 3) != 0)
        return false;
    size_t length = strcspn(name + 3, ".");
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved && name[3 + length] == '.'; i++)
        if (length < 8 && strncmp(name + 3, reserved[i], length) == 0 &&
            reserved[i][length] == '\0')
            return true;
    return false;
}

/* Reads a symbolic link. false: none, or its text does not fit. */
static bool link_read(const char *link, char *path, size_t room)
{
    long length = sys_call(SYS_readlink, link, path, room);
    if (length <= 0 || (size_t)length >= room)
        return false;
    path[length] = '\0';
    return true;
}

/* The path of an open file, as the kernel knows it. */
static bool path_of(long fd, char *path, size_t room)
{
    char link[32];
    text_format(link, sizeof link, "/proc/self/fd/%ld", fd);
    return link_read(link, path, room) && path[0] == '/';
}

/* Cached: each library with a RUNPATH asks for it. */
static char *program_known;

static bool program_find(char *path, size_t room)
{
    const char *name = fixed.search.program;
    if (name == NULL) {
        if (link_read("/proc/self/exe", path, room))
            return true;
        name = fixed.search.program_name;
    }
    if (name == NULL)
        return false;
    long fd = sys_call(SYS_open, name, O_PATH | O_CLOEXEC, 0);
    bool known = fd >= 0 && path_of(fd, path, room);
    if (fd >= 0)
        sys_call(SYS_close, fd);
    return known || text_join(path, room, name, "");
}

void search_here(void)
{
    const char **path = fixed.search.program != NULL ? &fixed.search.program
                                                     : &fixed.search.program_name;
    char here[4096];
    if (*path == NULL || **path == '/' || sys_call(SYS_getcwd, here, sizeof here) <= 0)
        return;
    /* a path that is too long from the root stays relative: it can be opened until the process
     * changes its folder */
    if (!text_join(here, sizeof here, here, "/") || !text_join(here, sizeof here, here, *path))
        return;
    char *absolute = allocate_text(here);
    if (absolute != NULL)
        *path = absolute;
}

/* The program's path; NULL: unknown. Not inlined, because it needs much stack. */
static __attribute__((noinline)) const char *program_path(void)
{
    char path[4096];
    if (program_known == NULL && program_find(path, sizeof path))
        program_known = allocate_text(path);
    return program_known;
}

/* The folder that a file is in; of a relative name, from the root. 0, or an error. */
static long folder_of(char *folder, size_t room, const char *name)
{
    const char *slash = strrchr(name, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - name) + (slash == name), at = 0;
    if (name[0] != '/') {
        long got = sys_call(SYS_getcwd, folder, room);
        if (got <= 0)
            return got == -ERANGE ? -ENAMETOOLONG : -ENOENT;
        at = strlen(folder);
        if (length > 0)
            folder[at++] = '/'; /* where the NUL was */
    }
    if (length >= room - at)
        return -ENAMETOOLONG;
    memcpy(folder + at, name, length);
    folder[at + length] = '\0';
    return 0;
}

/* The folder that $ORIGIN is. 0, or an error. */
static long origin(const struct object *object, char *folder, size_t room)
{
    const char *name = object->is_program ? program_path() : object->name;
    if (name == NULL)
        return -ENOENT;
    if (object->is_program || object->folder == NULL)
        return folder_of(folder, room, name);
    return text_join(folder, room, object->folder, "") ? 0 : -ENAMETOOLONG;
}

bool search_origin(const struct object *object, char *folder, size_t room)
{
    return origin(object, folder, room) == 0;
}

/* One folder of a list with its $ORIGIN, $LIB and $PLATFORM replaced (ld.so(8), "Dynamic string
 * tokens"). 0, or an error: the origin is not known, or it does not fit; the folder is then passed
 * over. */
static long expand(char *to, size_t room, const char *from, size_t length, const struct object *by)
{
    static const struct {
        char name[12];
        char value[8]; /* "": the origin */
    } tokens[] = {{"ORIGIN", ""}, {"LIB", "lib"}, {"PLATFORM", "x86_64"}};
    const char *end = from + length;
    char *at = to, *limit = to + room - 1;
    while (from < end) {
        if (*from != '$') {
            if (at == limit)
                return -ENAMETOOLONG;
            *at++ = *from++;
            continue;
        }
        bool brace = from + 1 < end && from[1] == '{';
        const char *name = from + 1 + brace;
        size_t size = 0, token = 0;
        while (name + size < end && (name[size] == '_' || (name[size] >= 'A' && name[size] <= 'Z')))
            size++;
        while (token < 3 &&
               (strlen(tokens[token].name) != size || memcmp(tokens[token].name, name, size) != 0))
            token++;
        if (token == 3 || (brace && (name + size == end || name[size] != '}'))) {
            if (at == limit)
                return -ENAMETOOLONG;
            *at++ = *from++; /* no token: as it stands */
            continue;
        }
        if (tokens[token].value[0] == '\0') {
            long error = fixed.search.secure || by == NULL
                             ? -ENOENT
                             : origin(by, at, (size_t)(limit - at) + 1);
            if (error != 0)
                return error;
        } else if (!text_join(at, (size_t)(limit - at) + 1, tokens[token].value, "")) {
            return -ENAMETOOLONG;
        }
        at += strlen(at);
        from = name + size + brace;
    }
    *at = '\0';
    return 0;
}

/* Calls `each` for the folders of one list; true: it has found. */
static bool walk_list(const char *list, const char *separators, const char *what,
                      const struct object *by,
                      bool (*each)(void *context, const char *list, const char *folder),
                      void *context)
{
    char folder[4096];
    for (; list != NULL; list++) {
        size_t length = strcspn(list, separators);
        /* an empty entry is the current folder; under musl's rules, none */
        if (!(length == 0 && fixed.rules->one_path) &&
            expand(folder, sizeof folder, list, length, by) == 0 &&
            each(context, what, length == 0 ? "." : folder))
            return true;
        list += length;
        if (*list == '\0')
            break;
    }
    return false;
}

typedef bool each_folder(void *context, const char *list, const char *folder);

/* $ORIGIN is the program's in the environment's list. */
static bool walk_environment(const char *separators, each_folder *each, void *context)
{
    const char *list = fixed.search.library_path;
    return list != NULL && list[0] != '\0' &&
           walk_list(list, separators, "LD_LIBRARY_PATH", fixed.program, each, context);
}

/* musl's: LD_LIBRARY_PATH; then RUNPATH, or else RPATH, of the object that needs it, of the object
 * that needed that one, and so on. */
static bool walk_one_path(const struct object *by, each_folder *each, void *context)
{
    if (walk_environment(":\n", each, context))
        return true;
    for (const struct object *object = by; object != NULL; object = object->parent)
        if (object->runpath != NULL
                ? walk_list(object->runpath, ":\n", "RUNPATH", object, each, context)
                : object->rpath != NULL &&
                      walk_list(object->rpath, ":\n", "RPATH", object, each, context))
            return true;
    return false;
}

/* glibc's (ld.so(8)): RPATH of the object that needs it and of those that loaded that one, unless
 * it has a RUNPATH; LD_LIBRARY_PATH; RUNPATH of the object that needs it alone. */
static bool walk_two_paths(const struct object *by, each_folder *each, void *context)
{
    if (by != NULL && by->runpath == NULL)
        for (const struct object *object = by; object != NULL; object = object->parent)
            if (object->rpath != NULL && object->runpath == NULL &&
                walk_list(object->rpath, ":", "RPATH", object, each, context))
                return true;
    return walk_environment(":;", each, context) ||
           (by != NULL && by->runpath != NULL &&
            walk_list(by->runpath, ":", "RUNPATH", by, each, context));
}

void search_folders(const struct object *by, each_folder *each, void *context)
{
    if (!(fixed.rules->one_path ? walk_one_path : walk_two_paths)(by, each, context))
        walk_list(default_path(), ":\n", "the default path", NULL, each, context);
}

/* Opens a path. Returns 0 or -errno: a file that exists and cannot be used ends the search with a
 * message. */
static long open_path(struct search_result *result)
{
    struct stat status;
    long fd = sys_call(SYS_open, result->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    long answer = sys_call(SYS_fstat, fd, &status);
    if (answer == 0 && !S_ISREG(status.st_mode))
        answer = S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
    if (answer < 0) {
        sys_call(SYS_close, fd);
        return answer;
    }
    result->fd = (int)fd;
    result->size = (uint64_t)status.st_size;
    result->device = status.st_dev;
    result->inode = status.st_ino;
    struct problem problem;
    if (!map_head_read(&result->head, (int)fd, &problem))
        result->head.size = 0; /* mapping it says so */
    return 0;
}

/* A search under way. */
struct attempt {
    struct search_result *result;
    const char *name;
    long answer;       /* of the last file that was there; -ENOENT: none was */
    char refused[256]; /* that file */
    char foreign[256]; /* a file of that name for another machine; "": there was none */
    char looked[600];  /* the folders that were searched, for the message */
    const char *list;  /* the one that `looked` ends with */
};

static bool try_folder(void *context, const char *list, const char *folder)
{
    struct attempt *attempt = context;
    struct search_result *result = attempt->result;
    size_t length = strlen(attempt->looked);
    char *end = attempt->looked + length;
    size_t room = sizeof attempt->looked - length;
    if (attempt->list == list)
        text_format(end, room, ":%s", folder);
    else
        text_format(end, room, "%s%s %s", length == 0 ? "" : ", ", list, folder);
    attempt->list = list;
    long answer = text_join(result->path, sizeof result->path, folder, "/") &&
                          text_join(result->path, sizeof result->path, result->path, attempt->name)
                      ? open_path(result)
                      : -ENAMETOOLONG;
    /* as glibc's ld.so: folders of several architectures may be on one path */
    if (answer == 0 && map_head_foreign(&result->head)) {
        sys_call(SYS_close, result->fd);
        trace(TRACE_SEARCH, "tried",
              (FIELD_TEXT("file", result->path), FIELD_TEXT("list", list),
               FIELD_TEXT("result", "other-machine"), FIELD_TEXT("error", NULL)),
              "  %s: for another machine, passed over (%s)", result->path, list);
        text_format(attempt->foreign, sizeof attempt->foreign, "%s", result->path);
        return false;
    }
    trace(TRACE_SEARCH, "tried",
          (FIELD_TEXT("file", result->path), FIELD_TEXT("list", list),
           FIELD_TEXT("result", answer == 0 ? "found" : "error"),
           FIELD_TEXT("error", answer == 0 ? NULL : system_error(answer))),
          "  %s/%s: %s (%s)", folder, attempt->name, answer == 0 ? "found" : system_error(answer),
          list);
    if (answer != 0 && answer != -ENOENT && answer != -ENOTDIR) {
        attempt->answer = answer;
        text_format(attempt->refused, sizeof attempt->refused, "%s/%s", folder, attempt->name);
    }
    if (answer == 0)
        attempt->answer = 0;
    return answer == 0;
}

static const char *needer(const struct object *by)
{
    return by == NULL ? "LD_PRELOAD" : object_title(by);
}

bool search_open(struct search_result *result, const char *name, const struct object *by,
                 const char *verb, struct problem *problem)
{
    if (strchr(name, '/') != NULL) {
        long answer = expand(result->path, sizeof result->path, name, strlen(name),
                             by == NULL ? fixed.program : by);
        bool named = answer == 0;
        if (named)
            answer = open_path(result);
        trace(TRACE_SEARCH, "path",
              (FIELD_TEXT("file", named ? result->path : name), FIELD_TEXT("why", verb),
               FIELD_TEXT("by", needer(by)), FIELD_TEXT("result", answer == 0 ? "found" : "error"),
               FIELD_TEXT("error", answer == 0 ? NULL : system_error(answer))),
              "%s, %s by %s: %s", named ? result->path : name, verb, needer(by),
              answer == 0 ? "found" : system_error(answer));
        return answer == 0 || problem_set(problem, "%s: cannot be opened (%s; %s by %s)", name,
                                          system_error(answer), verb, needer(by));
    }
    struct attempt attempt;
    attempt.result = result;
    attempt.name = name;
    attempt.answer = -ENOENT;
    attempt.refused[0] = attempt.looked[0] = attempt.foreign[0] = '\0';
    attempt.list = NULL;
    trace(TRACE_SEARCH, "name",
          (FIELD_TEXT("name", name), FIELD_TEXT("why", verb), FIELD_TEXT("by", needer(by))),
          "%s, %s by %s", name, verb, needer(by));
    search_folders(by, try_folder, &attempt);
    if (attempt.answer == 0)
        return true;
    if (attempt.answer != -ENOENT)
        return problem_set(problem, "%s: cannot be opened (%s: %s; %s by %s)", name,
                           attempt.refused, system_error(attempt.answer), verb, needer(by));
    bool foreign = attempt.foreign[0] != '\0';
    return problem_set(problem, "%s: not found (%s by %s; looked in %s%s%s%s)", name, verb,
                       needer(by), attempt.looked, foreign ? "; " : "", attempt.foreign,
                       foreign ? " is for another machine" : "");
}

/* libc-min's files are beside ld-uexec.so.1; if the path is a link, beside the file that it leads
 * to. */
static long open_own(struct search_result *result, const char *linker, const char *name)
{
    const char *slash = strrchr(linker, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash + 1 - linker);
    result->path[0] = '\0';
    if (folder >= sizeof result->path)
        return -ENAMETOOLONG;
    memcpy(result->path, linker, folder);
    result->path[folder] = '\0';
    return text_join(result->path, sizeof result->path, result->path, name) ? open_path(result)
                                                                            : -ENAMETOOLONG;
}

bool search_open_libc(struct search_result *result, const struct object *by,
                      struct problem *problem)
{
    const char *linker = fixed.search.linker == NULL ? "" : fixed.search.linker;
    long answer = open_own(result, linker, "libc.so");
    if (answer == -ENOENT) {
        char file[4096];
        long fd = sys_call(SYS_open, linker, O_PATH | O_CLOEXEC, 0);
        if (fd >= 0 && path_of(fd, file, sizeof file) && strcmp(file, linker) != 0)
            answer = open_own(result, file, "libc.so");
        if (fd >= 0)
            sys_call(SYS_close, fd);
    }
    trace(TRACE_SEARCH, "libc",
          (FIELD_TEXT("file", result->path), FIELD_TEXT("by", needer(by)),
           FIELD_TEXT("result", answer == 0 ? "found" : "error"),
           FIELD_TEXT("error", answer == 0 ? NULL : system_error(answer))),
          "%s, libc-min's own, needed by %s: %s", result->path, needer(by),
          answer == 0 ? "found" : system_error(answer));
    return answer == 0 || problem_set(problem, "%s: cannot be opened (%s; libc-min, needed by %s)",
                                      result->path[0] == '\0' ? "libc.so" : result->path,
                                      system_error(answer), needer(by));
}
