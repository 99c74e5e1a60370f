/* Thread-local variables of every kind in one object, and who asks for them. MODEL is the access
 * model; NAME the object's. */
#ifndef TLS_H
#define TLS_H

#include <stdint.h>
#include <string.h>

#ifndef ALIGN
#define ALIGN 16
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

/* A static one: the linker makes global-dynamic accesses to it local-dynamic. */
static __thread int JOIN(NAME, _own) = 7;
__thread int JOIN(NAME, _shared)[3] = {1, 2, 3};
_Alignas(ALIGN) __thread char JOIN(NAME, _aligned)[40] = "contents";
__thread char JOIN(NAME, _empty)[100];

/* Has the calling thread first contents of its own? Changes them. 0: yes; else what is wrong. */
int JOIN(NAME, _check)(void);
int JOIN(NAME, _check)(void)
{
    int *shared = JOIN(NAME, _shared), *own = &JOIN(NAME, _own);
    char *aligned = JOIN(NAME, _aligned), *empty = JOIN(NAME, _empty);
    int wrong = 0;
    wrong |= *own != 7;
    wrong |= (shared[0] != 1 || shared[1] != 2 || shared[2] != 3) << 1;
    wrong |= (strcmp(aligned, "contents") != 0) << 2;
    wrong |= ((uintptr_t)aligned % ALIGN != 0) << 3;
    for (int i = 0; i < 100; i++)
        wrong |= (empty[i] != 0) << 4;
    *own = shared[2] = 99;
    memset(aligned, 'x', 40);
    memset(empty, 1, 100);
    wrong |= (JOIN(NAME, _own) != 99 || JOIN(NAME, _shared)[2] != 99) << 5;
    return wrong;
}

#endif
