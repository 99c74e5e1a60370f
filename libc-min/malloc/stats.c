/* mallinfo(3), mallinfo2(3), malloc_stats(3), malloc_info(3). */
#include "stats.h"
#include "chunk.h"
#include "heap.h"
#include "options.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

struct mallinfo2 {
    size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
struct mallinfo {
    int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
struct mallinfo2 mallinfo2(void);
struct mallinfo mallinfo(void);
void malloc_stats(void);
int malloc_info(int options, FILE *stream);

static void collect(struct malloc_figures *figures)
{
    memset(figures, 0, sizeof *figures);
    __arena_figures(figures);
    __mapping_figures(figures);
    __heap_figures(figures);
}

/* Bytes of blocks that are free, whether they were used before or not. */
static size_t free_in_runs(const struct malloc_figures *figures)
{
    size_t bytes = 0;

    for (unsigned class = 0; class < RUN_CLASSES; class ++)
        bytes += (figures->classes[class].free + figures->classes[class].fresh) * __run_size[class];
    return bytes;
}

struct mallinfo2 mallinfo2(void)
{
    struct malloc_figures figures;

    collect(&figures);
    size_t unused = free_in_runs(&figures) + figures.spare_runs.bytes + figures.kept.bytes;
    struct mallinfo2 info = {
        .arena = figures.heap,
        .ordblks = figures.free_chunks.count + (figures.top > 0),
        .smblks = figures.kept.count,
        .hblks = figures.mappings.count,
        .hblkhd = figures.mappings.bytes,
        .fsmblks = figures.kept.bytes,
        .fordblks = figures.free_chunks.bytes + figures.top + unused,
        .keepcost = figures.top,
    };
    info.uordblks = figures.heap - info.fordblks;
    return info;
}

struct mallinfo mallinfo(void)
{
    struct mallinfo2 info = mallinfo2();

    return (struct mallinfo){
        (int)info.arena,    (int)info.ordblks,  (int)info.smblks,  (int)info.hblks,
        (int)info.hblkhd,   (int)info.usmblks,  (int)info.fsmblks, (int)info.uordblks,
        (int)info.fordblks, (int)info.keepcost,
    };
}

void malloc_stats(void)
{
    struct malloc_figures figures;

    collect(&figures);
    fprintf(stderr,
            "heap: %zu bytes from the kernel, in %zu segments (%zu by mmap), for %zu arenas\n",
            figures.heap, figures.segments, figures.mapped_segments, figures.arenas);
    fprintf(stderr, "%10s %8s %10s %10s %10s\n", "BLOCK SIZE", "RUNS", "USED", "FREE",
            "NEVER USED");
    for (unsigned class = 0; class < RUN_CLASSES; class ++)
        if (figures.classes[class].runs > 0)
            fprintf(stderr, "%10u %8zu %10zu %10zu %10zu\n", __run_size[class],
                    figures.classes[class].runs, figures.classes[class].used,
                    figures.classes[class].free, figures.classes[class].fresh);
    fprintf(stderr,
            "chunks: %zu used, %zu bytes, runs among them; %zu free, %zu bytes; top %zu bytes\n",
            figures.used_chunks.count, figures.used_chunks.bytes, figures.free_chunks.count,
            figures.free_chunks.bytes, figures.top);
    fprintf(stderr, "kept by threads: %zu chunks, %zu bytes; kept for runs: %zu, %zu bytes\n",
            figures.kept.count, figures.kept.bytes, figures.spare_runs.count,
            figures.spare_runs.bytes);
    fprintf(stderr, "mappings: %zu, %zu bytes; kept after free(): %zu, %zu bytes\n",
            figures.mappings.count, figures.mappings.bytes, figures.kept_mappings.count,
            figures.kept_mappings.bytes);
    fprintf(stderr,
            "could go back: by malloc_trim(0) %zu bytes at the top (by free() above %zu), what "
            "threads and runs keep, and "
            "kept mappings (at the next free() of one after 250 ms); not %zu bytes of free chunks "
            "below used ones, nor "
            "%zu of free blocks in runs that are in use\n",
            figures.top, __heap_trim_threshold, figures.free_chunks.bytes, free_in_runs(&figures));
}

static void put_counts(FILE *stream, const char *name, struct malloc_counts counts)
{
    fprintf(stream, "  <%s count=\"%zu\" bytes=\"%zu\"/>\n", name, counts.count, counts.bytes);
}

int malloc_info(int options, FILE *stream)
{
    struct malloc_figures figures;

    if (options != 0)
        return EINVAL;
    collect(&figures);
    fprintf(stream, "<malloc version=\"libc-min-1\">\n");
    fprintf(stream,
            "  <heap bytes=\"%zu\" segments=\"%zu\" mapped-segments=\"%zu\" top=\"%zu\"/>\n",
            figures.heap, figures.segments, figures.mapped_segments, figures.top);
    fprintf(stream, "  <arenas count=\"%zu\" orphans=\"%zu\"/>\n  <runs>\n", figures.arenas,
            figures.orphans);
    for (unsigned class = 0; class < RUN_CLASSES; class ++)
        if (figures.classes[class].runs > 0)
            fprintf(
                stream,
                "    <class size=\"%u\" runs=\"%zu\" used=\"%zu\" free=\"%zu\" fresh=\"%zu\"/>\n",
                __run_size[class], figures.classes[class].runs, figures.classes[class].used,
                figures.classes[class].free, figures.classes[class].fresh);
    fprintf(stream, "  </runs>\n");
    put_counts(stream, "used-chunks", figures.used_chunks);
    put_counts(stream, "free-chunks", figures.free_chunks);
    fprintf(stream, "  <bins>\n");
    for (unsigned bin = 0; bin < STATS_BINS; bin++)
        if (figures.bins[bin].count > 0)
            fprintf(stream, "    <bin from=\"%zu\" to=\"%zu\" count=\"%zu\" bytes=\"%zu\"/>\n",
                    (size_t)1 << bin, ((size_t)2 << bin) - 1, figures.bins[bin].count,
                    figures.bins[bin].bytes);
    fprintf(stream, "  </bins>\n");
    put_counts(stream, "kept-chunks", figures.kept);
    put_counts(stream, "spare-runs", figures.spare_runs);
    put_counts(stream, "mappings", figures.mappings);
    put_counts(stream, "kept-mappings", figures.kept_mappings);
    fprintf(stream, "</malloc>\n");
    return ferror(stream) ? EIO : 0;
}
