/* The linker's functions in a static program: one object, and no other can be loaded. */
#include "alias.h"
#include "base/linker.h"
#include "process.h"
#include "thread.h"
#include <dlfcn.h>
#include <string.h>

/* Defined by the link editor if the program has relocations for its start, else absent. */
extern const Elf64_Rela __rela_iplt_start[] __attribute__((weak, visibility("hidden")));
extern const Elf64_Rela __rela_iplt_end[] __attribute__((weak, visibility("hidden")));
extern const Elf64_Dyn _DYNAMIC[] __attribute__((weak, visibility("hidden")));

typedef void initializer(int, char **, char **);
extern initializer *const __preinit_array_start[] __attribute__((weak, visibility("hidden")));
extern initializer *const __preinit_array_end[] __attribute__((weak, visibility("hidden")));
extern initializer *const __init_array_start[] __attribute__((weak, visibility("hidden")));
extern initializer *const __init_array_end[] __attribute__((weak, visibility("hidden")));
extern void (*const __fini_array_start[])(void) __attribute__((weak, visibility("hidden")));
extern void (*const __fini_array_end[])(void) __attribute__((weak, visibility("hidden")));
extern void _init(void) __attribute__((weak));
extern void _fini(void) __attribute__((weak));

/* filled by tls_size(), from AT_PHDR */
static struct {
    const Elf64_Phdr *headers;
    size_t count;
    uintptr_t bias; /* add to any p_vaddr, bytes */
    const void *image;
    size_t image_size; /* bytes with contents */
    size_t offset;     /* from the thread pointer down to the block, bytes */
    size_t align;      /* of the thread pointer */
} program;

static void program_read(void)
{
    const Elf64_Phdr *tls = NULL;

    program.headers = (const Elf64_Phdr *)__process_auxv(AT_PHDR);
    program.count = program.headers ? __process_auxv(AT_PHNUM) : 0;
    program.align = _Alignof(struct __pthread);
    for (size_t i = 0; i < program.count; i++) {
        if (program.headers[i].p_type == PT_DYNAMIC && _DYNAMIC)
            program.bias = (uintptr_t)_DYNAMIC - program.headers[i].p_vaddr;
        else if (program.headers[i].p_type == PT_TLS)
            tls = &program.headers[i];
        else if (program.headers[i].p_type == PT_GNU_STACK)
            __default_raise(&__default_stack_size, program.headers[i].p_memsz, DEFAULT_STACK_MAX);
    }
    if (!tls)
        return;
    size_t align = tls->p_align ? tls->p_align : 1;
    size_t skew = tls->p_vaddr & (align - 1);
    program.image = (const void *)(program.bias + tls->p_vaddr);
    program.image_size = tls->p_filesz;
    /* psABI 3.4.6: the block ends below the thread pointer, and its start is aligned as at link
     * time. */
    program.offset = ((tls->p_memsz + skew + align - 1) & -align) - skew;
    if (program.align < align)
        program.align = align;
}

static size_t tls_size(void)
{
    if (!program.align)
        program_read();
    return program.offset + program.align + sizeof(struct __pthread) + 2 * sizeof(void *);
}

static struct __pthread *tls_make(void *memory)
{
    uintptr_t pointer = ((uintptr_t)memory + program.offset + program.align - 1) & -program.align;
    struct __pthread *thread = (struct __pthread *)pointer;

    memcpy((char *)pointer - program.offset, program.image, program.image_size);
    thread->self = thread;
    thread->dtv = (void **)(thread + 1);
    thread->dtv[0] = (void *)1;
    thread->dtv[1] = (char *)pointer - program.offset;
    return thread;
}

static struct __pthread *tls_main(void)
{
    return NULL;
}

static void nothing_to_lock(int when)
{
    (void)when;
}

static void hold(const void *address, int count)
{
    (void)address, (void)count;
}

static void tls_free(struct __pthread *thread)
{
    (void)thread;
}

static void *tls_address(size_t module, size_t offset)
{
    return (char *)thread_self()->dtv[module] + offset;
}

/* Runs the resolvers of ifuncs, in a static program at a fixed address. A static PIE has done so
 * itself (crt/relocate.c); there, the link editor sets the two names equal. */
static void indirect_resolve(void)
{
    for (const Elf64_Rela *rela = __rela_iplt_start; rela < __rela_iplt_end; rela++)
        if (ELF64_R_TYPE(rela->r_info) == R_X86_64_IRELATIVE)
            *(uint64_t *)rela->r_offset = ((uint64_t(*)(void))rela->r_addend)();
}

static void construct(int argc, char **argv, char **envp)
{
    if (!_DYNAMIC)
        indirect_resolve();
    for (initializer *const *run = __preinit_array_start; run < __preinit_array_end; run++)
        (*run)(argc, argv, envp);
    if (_init)
        _init();
    for (initializer *const *run = __init_array_start; run < __init_array_end; run++)
        (*run)(argc, argv, envp);
}

static void destruct(void)
{
    for (void (*const *run)(void) = __fini_array_end; run > __fini_array_start;)
        (*--run)();
    if (_fini)
        _fini();
}

static bool unsupported(struct problem *problem)
{
    strcpy(problem->text, "a static program cannot load or search objects");
    return false;
}

static bool object_open(const char *name, int flags, const void *caller, void **handle,
                        struct problem *problem)
{
    (void)name, (void)flags, (void)caller, (void)handle;
    return unsupported(problem);
}

static bool object_close(void *handle, struct problem *problem)
{
    (void)handle;
    return unsupported(problem);
}

static bool object_symbol(void *handle, const char *name, const char *version, const void *caller,
                          void **address, struct problem *problem)
{
    (void)handle, (void)name, (void)version, (void)caller, (void)address;
    return unsupported(problem);
}

static bool object_info(void *handle, int request, void *result, struct problem *problem)
{
    (void)handle, (void)request, (void)result;
    return unsupported(problem);
}

static int object_address(const void *address, void *info, void **extra, int what)
{
    (void)address, (void)info, (void)extra, (void)what;
    return 0;
}

static int objects(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
    struct dl_phdr_info info = {
        .dlpi_addr = program.bias,
        .dlpi_name = "/proc/self/exe",
        .dlpi_phdr = program.headers,
        .dlpi_phnum = (Elf64_Half)program.count,
        .dlpi_adds = 1,
        .dlpi_tls_modid = program.offset ? 1 : 0,
        .dlpi_tls_data = program.offset ? thread_self()->dtv[1] : NULL,
    };

    return callback(&info, sizeof info, data);
}

static const struct linker table = {
    .version = LINKER_VERSION,
    .tls_main = tls_main,
    .tls_size = tls_size,
    .tls_make = tls_make,
    .tls_free = tls_free,
    .tls_address = tls_address,
    .fork = nothing_to_lock,
    .construct = construct,
    .destruct = destruct,
    .open = object_open,
    .close = object_close,
    .symbol = object_symbol,
    .info = object_info,
    .address = object_address,
    .objects = objects,
    .hold = hold,
};

const struct linker *__linker = &table;

void __linker_check(void)
{
}
