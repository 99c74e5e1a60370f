#include "recording.h"

#include "caller.h"
#include "tool.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

uint64_t recording_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void recording_flush(struct recording *recording)
{
    for (size_t done = 0; done < recording->length && !recording->failed;) {
        ssize_t written = write(recording->fd, recording->buffer + done, recording->length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            tool_error(0, recording->name,
                       "cannot write (%s): the recording ends after %" PRIu64
                       " events, the program goes on",
                       strerror(errno), recording->events);
            recording->failed = true;
            break;
        }
        done += (size_t)written;
    }
    recording->length = 0;
    recording->flushed = recording_now();
}

static void put_slowly(struct recording *recording, const char *text, size_t length)
{
    while (length > 0) {
        if (recording->length == sizeof recording->buffer)
            recording_flush(recording);
        size_t room = sizeof recording->buffer - recording->length;
        size_t part = length < room ? length : room;
        memcpy(recording->buffer + recording->length, text, part);
        recording->length += part;
        text += part;
        length -= part;
    }
}

static inline void put(struct recording *recording, const char *text, size_t length)
{
    if (__builtin_expect(length > sizeof recording->buffer - recording->length, 0)) {
        put_slowly(recording, text, length);
        return;
    }
    memcpy(recording->buffer + recording->length, text, length);
    recording->length += length;
}

static inline __attribute__((always_inline)) void put_text(struct recording *recording,
                                                           const char *text)
{
    put(recording, text, strlen(text));
}

static void put_string(struct recording *recording, const char *text)
{
    char character[TEXT_JSON_MOST];
    put_text(recording, "\"");
    /* most of a text is as it is */
    size_t plain = 0;
    while (text[plain] >= ' ' && text[plain] < 0x7f && text[plain] != '"' && text[plain] != '\\')
        plain++;
    put(recording, text, plain);
    text += plain;
    while (*text != '\0') {
        size_t length = text_json_character(character, &text);
        put(recording, character, length);
    }
    put_text(recording, "\"");
}

/* printf(3) takes longer than all else in an event. */
static void put_hex(struct recording *recording, uint64_t value)
{
    char text[24], *at = text + sizeof text;
    *--at = '"';
    do {
        *--at = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value != 0);
    *--at = 'x';
    *--at = '0';
    *--at = '"';
    put(recording, at, (size_t)(text + sizeof text - at));
}

static void put_number(struct recording *recording, uint64_t value)
{
    char text[24];
    const char *end = text_decimal(text, value);
    put(recording, text, (size_t)(end - text));
}

static void begin_event(struct recording *recording, const char *event, uint64_t time,
                        pid_t process)
{
    put_text(recording, "{\"event\":\"");
    put_text(recording, event);
    put_text(recording, "\",\"time\":");
    put_number(recording, time < recording->begin ? 0 : time - recording->begin);
    put_text(recording, ",\"process\":");
    put_number(recording, (uint64_t)process);
}

static void end_event(struct recording *recording)
{
    put_text(recording, "}\n");
    recording->events++;
}

static void put_region(struct recording *recording, const struct region *region)
{
    put_text(recording, "\"start\":");
    put_hex(recording, region->start);
    put_text(recording, ",\"end\":");
    put_hex(recording, region->end);
    put_text(recording, ",\"permissions\":\"");
    put(recording, region->permissions, 4);
    put_text(recording, "\",\"offset\":");
    put_hex(recording, region->offset);
    put_text(recording, ",\"device\":\"");
    put_text(recording, region->device);
    put_text(recording, "\",\"inode\":");
    put_number(recording, region->inode);
    put_text(recording, ",\"name\":");
    put_string(recording, region->name);
}

static void put_changes(struct recording *recording, const struct changes *changes)
{
    put_text(recording, ",\"changes\":[");
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->entries[i];
        put_text(recording, i == 0 ? "{" : ",{");
        switch (change->kind) {
        case CHANGE_MAP:
            put_text(recording, "\"change\":\"map\",");
            put_region(recording, &change->region);
            break;
        case CHANGE_UNMAP:
        case CHANGE_PROTECT:
            put_text(recording, change->kind == CHANGE_UNMAP ? "\"change\":\"unmap\",\"start\":"
                                                             : "\"change\":\"protect\",\"start\":");
            put_hex(recording, change->region.start);
            put_text(recording, ",\"end\":");
            put_hex(recording, change->region.end);
            if (change->kind == CHANGE_PROTECT) {
                put_text(recording, ",\"permissions\":\"");
                put(recording, change->region.permissions, 3);
                put_text(recording, "\"");
            }
            break;
        }
        put_text(recording, "}");
    }
    put_text(recording, "]");
}

void recording_begin(struct recording *recording, const char *by, char **arguments)
{
    struct utsname system;
    char text[64];
    time_t now = time(NULL);
    struct tm calendar;
    recording->begin = recording->flushed = recording_now();
    put_text(recording, "{\"schema\":\"umaps-recording\",\"version\":1,\"by\":");
    put_string(recording, by);
    put_text(recording, ",\"arguments\":[");
    for (size_t i = 0; arguments[i] != NULL; i++) {
        put_text(recording, i == 0 ? "" : ",");
        put_string(recording, arguments[i]);
    }
    put_text(recording, "],\"date\":");
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &calendar));
    put_string(recording, text);
    put_text(recording, ",\"kernel\":");
    put_string(recording, uname(&system) == 0 ? system.release : "");
    put_text(recording, "}\n");
}

void recording_layout(struct recording *recording, const struct target *target, uint64_t time,
                      const char *when)
{
    begin_event(recording, "layout", time, target->pid);
    recording->layouts++;
    put_text(recording, ",\"when\":");
    put_string(recording, when);
    put_text(recording, ",\"heap_start\":");
    if (target->break_start == 0)
        put_text(recording, "null");
    else
        put_hex(recording, target->break_start);
    put_text(recording, ",\"mappings\":[");
    for (size_t i = 0; i < target->space.count; i++) {
        put_text(recording, i == 0 ? "{" : ",{");
        put_region(recording, &target->space.entries[i]);
        put_text(recording, "}");
    }
    put_text(recording, "]");
    end_event(recording);
}

static void put_argument(struct recording *recording, enum argument_kind kind, uint64_t value)
{
    char text[256];
    switch (kind) {
    case ARGUMENT_ADDRESS:
        put_hex(recording, value);
        break;
    case ARGUMENT_NUMBER:
        put_number(recording, value);
        break;
    case ARGUMENT_SIGNED:
        if ((int)value < 0)
            put_text(recording, "-");
        put_number(recording, (int)value < 0 ? -(uint64_t)(int64_t)(int)value : value & 0x7fffffff);
        break;
    default:
        put_string(recording, call_argument(kind, value, text));
        break;
    }
}

void recording_call(struct recording *recording, const struct task *task,
                    const struct call_kind *kind, const uint64_t *result, bool failed,
                    const struct changes *changes)
{
    const struct call *call = &task->call;
    begin_event(recording, kind->name, call->time, task->target->pid);
    put_text(recording, ",\"thread\":");
    put_number(recording, (uint64_t)task->tid);
    for (size_t i = 0; i < 6 && kind->arguments[i].name != NULL; i++) {
        put_text(recording, i == 0 ? ",\"arguments\":{\"" : ",\"");
        put_text(recording, kind->arguments[i].name);
        put_text(recording, "\":");
        put_argument(recording, kind->arguments[i].kind, call->arguments[i]);
    }
    put_text(recording, kind->arguments[0].name != NULL ? "},\"result\":" : ",\"result\":");
    if (result != NULL)
        put_hex(recording, *result);
    else
        put_text(recording, "null");
    if (failed)
        put_text(recording, ",\"failed\":true");
    put_text(recording, ",\"caller\":");
    const struct caller *caller = caller_find(&task->target->space, call->address);
    if (caller == NULL) {
        put_hex(recording, call->address);
    } else {
        put_string(recording, caller->place);
        if (caller->symbol != NULL) {
            put_text(recording, ",\"symbol\":");
            put_string(recording, caller->symbol);
        }
    }
    put_changes(recording, changes);
    end_event(recording);
}

void recording_changed(struct recording *recording, const struct target *target,
                       const struct changes *changes)
{
    if (changes->count == 0)
        return;
    bool stack = true;
    for (size_t i = 0; i < changes->count; i++)
        stack = stack && changes->entries[i].kind != CHANGE_UNMAP &&
                strcmp(changes->entries[i].region.name, "[stack]") == 0;
    begin_event(recording, stack ? "stack" : "unexplained", recording_now(), target->pid);
    put_changes(recording, changes);
    end_event(recording);
}

void recording_note(struct recording *recording, const char *event, pid_t process, pid_t thread,
                    uint64_t time, const char *field, const char *text)
{
    begin_event(recording, event, time, process);
    if (thread != 0) {
        put_text(recording, ",\"thread\":");
        put_number(recording, (uint64_t)thread);
    }
    if (field != NULL) {
        put_text(recording, ",");
        put_string(recording, field);
        put_text(recording, ":");
        put_string(recording, text);
    }
    end_event(recording);
}

void recording_trace(struct recording *recording, pid_t process, const char *line, size_t length)
{
    begin_event(recording, "rt", recording_now(), process);
    put_text(recording, ",\"rt\":");
    put(recording, line, length);
    end_event(recording);
}

/* A string of another process, up to `room`; an empty one where it cannot be read. */
static const char *read_string(int memory, uint64_t address, char *text, size_t room)
{
    ssize_t got = pread(memory, text, room - 1, (off_t)address);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

/* Writes the strings of argv or of the environment. Returns the index behind their NULL. */
static size_t put_strings(struct recording *recording, int memory, const uint64_t *words,
                          size_t index, size_t count, bool names)
{
    char text[1024];
    for (size_t first = index; index < count && words[index] != 0; index++) {
        put_text(recording, index == first ? "{\"address\":" : ",{\"address\":");
        put_hex(recording, words[index]);
        put_text(recording, ",\"text\":");
        read_string(memory, words[index], text, sizeof text);
        if (names)
            text[strcspn(text, "=")] = '\0';
        put_string(recording, text);
        put_text(recording, "}");
    }
    return index + 1;
}

void recording_stack(struct recording *recording, const struct target *target, uint64_t time)
{
    enum { WORDS = 4096 };
    static uint64_t words[WORDS];
    char path[64];
    uint64_t pointer = maps_stack_pointer(target->pid);
    snprintf(path, sizeof path, "/proc/%d/mem", (int)target->pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = pointer == 0 || memory < 0 ? 0
                                             : pread(memory, words, sizeof words, (off_t)pointer);
    size_t count = got > 0 ? (size_t)got / sizeof *words : 0;
    if (count > 2 && words[0] < count - 2) {
        begin_event(recording, "initial-stack", time, target->pid);
        put_text(recording, ",\"pointer\":");
        put_hex(recording, pointer);
        put_text(recording, ",\"argc\":");
        put_number(recording, words[0]);
        put_text(recording, ",\"argv\":[");
        size_t index = put_strings(recording, memory, words, 1, count, false);
        put_text(recording, "],\"environment\":[");
        index = put_strings(recording, memory, words, index, count, true);
        put_text(recording, "],\"auxv\":[");
        for (size_t first = index; index + 1 < count && words[index] != 0; index += 2) {
            put_text(recording, index == first ? "[" : ",[");
            put_number(recording, words[index]);
            put_text(recording, ",");
            put_hex(recording, words[index + 1]);
            put_text(recording, "]");
        }
        put_text(recording, "]");
        end_event(recording);
    }
    if (memory >= 0)
        close(memory);
}

void recording_resident(struct recording *recording, const struct target *target, uint64_t time,
                        const struct maps *maps, const struct usage *usages)
{
    begin_event(recording, "resident", time, target->pid);
    put_text(recording, ",\"mappings\":[");
    for (size_t i = 0; i < maps->count; i++) {
        put_text(recording, i == 0 ? "{\"start\":" : ",{\"start\":");
        put_hex(recording, maps->entries[i].start);
        put_text(recording, ",\"end\":");
        put_hex(recording, maps->entries[i].end);
        put_text(recording, ",\"resident\":");
        put_number(recording, usages[i].resident);
        put_text(recording, ",\"dirty\":");
        put_number(recording, usages[i].dirty);
        put_text(recording, ",\"swapped\":");
        put_number(recording, usages[i].swapped);
        put_text(recording, "}");
    }
    put_text(recording, "]");
    end_event(recording);
}

void recording_end(struct recording *recording)
{
    recording_flush(recording);
    if (recording->named)
        return;
    if (recording->layouts == 0)
        unlink(recording->name);
    else
        fprintf(stderr, "umaps: %" PRIu64 " events are in %s\n", recording->events,
                recording->name);
}
