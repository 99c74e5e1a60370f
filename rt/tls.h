/* Thread-local storage, variant II (psABI 3.4.6; Drepper, "ELF Handling For Thread-Local Storage").
 *
 *     ... | module 2 | module 1 | control block        the static block, one for each thread
 *                               ^ thread pointer
 *
 * The control block is the libc's (struct __pthread of libc-min): %fs:0 points to itself, %fs:8 to
 * the dynamic thread vector: [0] the number of entries, [m] the block of module m or NULL. A
 * thread's blocks of modules that came later are made when they are first used. */
#ifndef RT_TLS_H
#define RT_TLS_H

#include "base/problem.h"
#include "object.h"

/* What R_X86_64_DTPMOD64 and DTPOFF64 fill in, and __tls_get_addr() is given. */
struct tls_index {
    size_t module, offset;
};

/* Gives a module its number and, at start, a place in the static block. false: *problem. */
bool tls_add(struct object *object, bool at_start, struct problem *problem);

/* Gives a module a place in the static block, for code that was compiled for one (TPOFF64). false:
 * *problem: the surplus does not suffice, or threads use it already. */
bool tls_make_static(struct object *object, struct problem *problem);

/* After relocation: copies the images of modules that have a place in the static block to all
 * threads. */
void tls_commit(struct object *object);

/* Frees a module's number and the threads' blocks of it. */
void tls_remove(struct object *object);

/* Makes the first thread's static block and thread pointer. `control`: size of the libc's control
 * block, bytes. All modules of start have been added. false: no memory. */
bool tls_start(size_t control, size_t control_align);

/* For libc-min (base/linker.h): the bytes of a new thread's memory; laying it out, which returns
 * the thread pointer, NULL: no memory; releasing what a dead thread's DTV holds. */
size_t tls_size(void);
void *tls_make(void *memory);
void tls_free(void *thread);
void *tls_main(void);

/* The address of a variable for the calling thread. */
void *tls_address(size_t module, size_t offset);

/* A thread's data for lazy.c, written by the thread alone, without atomic operations. */
struct tls_binding {
    unsigned long under_way; /* bindings; dlclose() reads it */
    /* Hash and length of the name of the slot that is probably bound next. A signal handler may
     * leave this half written; a lookup that fails with it is repeated without it. */
    const struct object *object;
    uint32_t index, hash,
        length; /* the slot's number; hash and length as lookup_name() fills them */
};
struct tls_binding *tls_binding(void);

/* The calling thread's depth of ifunc resolvers that call each other through lazy slots. */
unsigned *tls_resolving(void);

/* Waits until every binding that began before this call has ended. false: one has not ended in a
 * second, and may never end, because its thread may have left it by siglongjmp() in a signal
 * handler. */
bool tls_binding_wait(void);

/* Clears the counts in the child of a fork(), where no other thread exists to end its bindings. */
void tls_binding_forked(void);

/* Is `of` true for any thread's thread pointer? */
bool tls_any_thread(bool (*of)(const void *thread, void *context), void *context);

/* The calling thread's block of a module; NULL: not made yet. */
void *tls_block(const struct object *object);

#endif
