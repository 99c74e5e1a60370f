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

/* Gives a module its number; at start a place in the static block, too. false: *problem. */
bool tls_add(struct object *object, bool at_start, struct problem *problem);

/* Gives a module a place in the static block, for code that was compiled for one (TPOFF64). false:
 * *problem: the surplus does not suffice, or threads use it already. */
bool tls_make_static(struct object *object, struct problem *problem);

/* After relocation: copies the images of modules that have a place in the static block to all
 * threads. */
void tls_commit(struct object *object);

/* A module goes: its number is free, the threads' blocks of it are released. */
void tls_remove(struct object *object);

/* Makes the first thread's static block and thread pointer. `control` bytes: the libc's control
 * block. Modules of the start have been added. false: no memory. */
bool tls_start(size_t control, size_t control_align);

/* For the libc (libc-min's linker.h): bytes for a new thread's block; the block itself, its thread
 * pointer returned, NULL: no memory; what a dead one's DTV held. */
size_t tls_size(void);
void *tls_make(void *memory);
void tls_free(void *thread);
void *tls_main(void);

/* The address of a variable for the calling thread. */
void *tls_address(size_t module, size_t offset);

/* What a thread keeps for bind.c; written by it alone, without an atomic operation. */
struct tls_binding {
    unsigned long under_way; /* bindings; dlclose() reads it */
    /* The name of the slot that is likely to be bound next, worked out already. A signal handler
     * may have left some of it: what is not found by it is looked for once more. */
    const struct object *object;
    uint32_t index, hash, length; /* the slot's number; as lookup_name() fills them in */
};
struct tls_binding *tls_binding(void);

/* The calling thread's count of resolvers that call each other by slots bound lazily. */
unsigned *tls_resolving(void);

/* Waits until no thread has a binding under way that began before this call. false: one has not
 * ended in a second; its thread may have left it by siglongjmp() in a signal handler, and it never
 * will. */
bool tls_binding_wait(void);

/* In the child of a fork(): no other thread is there to end its bindings. */
void tls_binding_forked(void);

/* Is there a thread, by its thread pointer, of which `of` is true? */
bool tls_any_thread(bool (*of)(const void *thread, void *context), void *context);

/* The calling thread's block of a module if it has one already, else NULL. */
void *tls_block(const struct object *object);

#endif
