/* A loaded object: the program, a library, the vDSO, the linker itself. */
#ifndef RT_OBJECT_H
#define RT_OBJECT_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Newer than musl's <elf.h>. gABI, "Dynamic Section". */
#ifndef DT_RELR
#define DT_RELRSZ  35
#define DT_RELR    36
#define DT_RELRENT 37
#endif
#ifndef DF_1_PIE
#define DF_1_PIE 0x08000000
#endif
#ifndef STB_GNU_UNIQUE
#define STB_GNU_UNIQUE 10
#endif

struct object;

/* A version, by its index: one that the object defines or wants of another object (LSB, "Symbol
 * Versioning"). */
struct version {
    const char *name; /* NULL: no such index */
    const char *file; /* the library that has to define it; NULL: this object defines it */
    uint32_t hash;    /* elf_hash of the name */
    bool hidden;      /* a reference of bit 15, which no default version satisfies */
    bool weak;        /* VER_FLG_WEAK: no error if it is missing */
};

/* Objects in the order of lookup. Readers take no lock: entries are only appended, with `count`
 * written last, and a removed entry becomes NULL. scope.c. */
struct scope {
    struct object **objects;
    size_t count, room;
    struct symbol_index *index; /* of the first `indexed` objects; NULL: none */
    size_t indexed;
};

/* The fields that a lookup reads, side by side: at most two cache lines an object. The GNU hash
 * table is Bloom words, buckets, and chains of hashes that end with bit 0 set. */
struct symbols {
    const uint64_t *bloom;
    const uint32_t *buckets;
    const uint32_t *chain; /* of symbol `first`: chain[0] */
    const Elf64_Sym *table;
    const char *strings;
    const Elf64_Half *versions; /* DT_VERSYM; NULL: none */
    uint32_t bloom_mask;        /* number of words (a power of two) - 1 */
    uint32_t bloom_shift;
    uint32_t bucket_count; /* 0: no GNU hash table */
    uint32_t first;        /* the first symbol in it */
    uint32_t limit; /* most symbols that can be in memory; every index is checked against it */
    uint32_t chain_limit;          /* words of the chain in memory */
    uint32_t version_count;        /* entries of `version` */
    uint32_t strings_size;         /* DT_STRSZ; the last byte is NUL */
    const struct version *version; /* by index; from allocate() */
    /* the SysV hash table, used only without a GNU one */
    const uint32_t *sysv;  /* nbucket, nchain, buckets, chains; NULL: none */
    uint32_t sysv_buckets; /* nbucket, as it was checked */
};

/* A checked table of the object in memory: `count` entries. */
struct table {
    const void *start;
    size_t count;
};

typedef void initializer(int argc, char **argv, char **envp);

enum object_state {
    OBJECT_MAPPED,
    OBJECT_RELOCATED,
    OBJECT_CONSTRUCTING,
    OBJECT_READY,
    OBJECT_DESTRUCTED,
};

/* What a TLS descriptor's second word points to (tls.h's struct tls_index in front). */
struct tlsdesc {
    size_t module, offset;
    struct tlsdesc *next; /* the object's next descriptor */
};

struct object {
    struct link_map map; /* first: gdb walks link maps, and a handle of dlopen() points to one */
    struct symbols symbols;

    /* filled by object_map(), or from the auxiliary vector */
    char *name;      /* the file as it was found; "" for the program. map.l_name, allocated */
    uintptr_t bias;  /* map.l_addr: add to any p_vaddr or st_value, bytes */
    uintptr_t start; /* lowest address of a PT_LOAD, page boundary */
    size_t span;     /* from there to the end of the last, bytes, page multiple */
    const Elf64_Phdr *phdr;
    size_t phnum;
    uint64_t device, inode; /* of the file; 0, 0: not known */
    bool mapped;            /* the span is rt's to unmap */
    char *folder; /* $ORIGIN, if the name is relative: the folder at the time of loading */

    /* filled by object_decode() from PT_DYNAMIC and its kin; pointers into the image, every table
     * inside one segment */
    const Elf64_Dyn *dynamic;
    size_t dynamic_count; /* entries before DT_NULL */
    const char *soname;   /* DT_SONAME, or NULL */
    const char *rpath, *runpath;
    uint64_t flags, flags_1; /* DT_FLAGS, DT_FLAGS_1, the older tags folded in */
    bool text_relocations;   /* DT_TEXTREL */
    struct table rela, relr, jump;
    void *rela_made, *jump_made;      /* allocated, where the file's have no addends; or NULL */
    size_t relative_count;            /* of rela, from the start: DT_RELACOUNT */
    bool may_be_lazy;                 /* its slots may be bound at the first call */
    uint64_t *got;                    /* DT_PLTGOT, if three words of it may be written */
    uintptr_t writable, writable_end; /* the writable segment, or the span of several */
    bool writable_holes;              /* there are several */
    uintptr_t relro, relro_end;       /* addresses, whole pages */
    struct table needed;              /* const char *, allocated: DT_NEEDED */
    struct table preinit, init_array, fini_array;
    uintptr_t init, fini; /* addresses, or 0 */
    const Elf64_Verneed *verneed;
    size_t verneed_count;
    const Elf64_Verdef *verdef;
    size_t verdef_count;
    uint64_t *debug; /* the value of DT_DEBUG, to be filled in */

    /* thread-local storage: object_decode() fills the first fields, tls.c the rest */
    const void *tls_image;
    size_t tls_image_size, tls_size, tls_align; /* bytes */
    size_t tls_skew;                            /* the block's address is this modulo tls_align */
    size_t tls_module;                          /* 1 and up; 0: it has none */
    size_t tls_offset; /* from the thread pointer down to its block; 0: not in the static block */
    bool tls_settled;  /* every thread has its image in the static block */
    bool tls_dynamic;  /* a thread has a block of its own: too late for the static one */
    struct tlsdesc *descriptors; /* of its own relocations, allocated */

    /* the graph: load.c */
    struct object **dependencies; /* one for each DT_NEEDED, in order */
    size_t dependency_count;
    struct object *parent; /* the object that needed this one first, for DT_RPATH; NULL: the
                              program, preloaded */
    struct object *
        *bound; /* objects that this one is bound to without depending on them; binding.h */
    size_t bound_count, bound_room;
    struct scope group; /* of a root of dlopen(): itself and its dependencies, breadth first */
    struct scope *
        *scopes; /* groups that this object belongs to, looked up after the global scope */
    size_t scope_count, scope_room;
    size_t opened; /* dlopen() calls not yet undone */
    long held;     /* destructors of thread-local variables not yet called */
    /* lookups read these two without a lock */
    _Atomic bool permanent; /* there at start, or RTLD_NODELETE: never unloaded */
    _Atomic bool unused;    /* not used any more: being unloaded */
    bool busy;              /* ... while its code may still run: its memory stays */
    bool global;            /* in the global scope */
    bool preloaded, bind_now;
    bool unsettled;           /* relocated, but ifuncs are not resolved */
    bool unprotected;         /* ... and memory that is not written any more is not protected yet */
    bool text_open;           /* text may be written during relocation */
    bool traced;              /* its slots are bound by arch_resolve_traced() */
    unsigned mark;            /* of the walk that is under way */
    struct object *mark_next; /* the next in unload.c's list of marked objects */
    enum object_state state;
    void *constructor;                 /* the thread that runs its constructors */
    struct object *constructed_before; /* in the order of construction */
    char
        *asked_name; /* the name without a slash that the object was found by; allocated, or NULL */
    bool deep;       /* RTLD_DEEPBIND: its groups come before the global scope */
    bool is_program;
    bool is_libc; /* libc-min, under any of the reserved names */
};

/* Is [address, address + size), run-time addresses, inside the memory of one PT_LOAD with these
 * p_flags set? */
bool object_has(const struct object *object, uintptr_t address, size_t size, uint32_t flags);

/* The object's name in messages: its file's. */
const char *object_title(const struct object *object);

/* The name of a symbol; "?" if the index or the name is out of range. */
const char *object_symbol_name(const struct object *object, uint32_t index);

/* The symbol's run-time address; an absolute symbol does not move (gABI, SHN_ABS). */
static inline uintptr_t object_symbol_address(const struct object *object, const Elf64_Sym *symbol)
{
    return (symbol->st_shndx == SHN_ABS ? 0 : object->bias) + symbol->st_value;
}

/* Are the object's slots bound at the first call? `now`: no. */
static inline bool object_is_lazy(const struct object *object, bool now)
{
    return !now && object->may_be_lazy;
}

/* The number of symbols in the table. Walks the hash table: not for hot paths. */
size_t object_symbol_count(const struct object *object);

#endif
