/* The rules of the linker that the program was built for, musl's or glibc's. One flag for each
 * difference; what both do is in the code. */
#ifndef RT_RULES_H
#define RT_RULES_H

#include <stdbool.h>

struct rules {
    char name[8];
    /* dlclose() unmaps objects that nothing uses any more. musl's linker keeps all until the
     * process ends, and programs built for it leave pointers into libraries behind. */
    bool unload;
    /* DT_RPATH and DT_RUNPATH are one list, which also serves the libraries of the object's
     * libraries, and LD_LIBRARY_PATH comes first; else as in ld.so(8). dlopen() searches for the
     * program, not for the caller. Any white space ends a name of LD_PRELOAD, not only a blank. */
    bool one_path;
    /* A name without a slash also means a loaded object with this DT_SONAME; else only one that was
     * loaded by this name. */
    bool soname;
    /* dlopen("") is the program; else dlopen("") fails. */
    bool empty_name;
    /* The names of versions count; else only the default version does. */
    bool versions;
    /* STB_GNU_UNIQUE makes all definitions of a name one. */
    bool unique;
    /* RTLD_DEEPBIND reverses the order of scopes; else the flag is not known. */
    bool deep_bind;
    /* dlopen() refuses a program (DF_1_PIE) and a library linked with -z nodlopen (DF_1_NOOPEN). */
    bool refuse;
    /* dlopen() binds the functions of the objects that it loads, except those that are not defined
     * yet; else their first calls do, and also find what was opened in between. */
    bool bind_opened;
    /* Constructors run in the order of glibc 2.36; else by a walk from the program in the order of
     * DT_NEEDED, preloaded objects first. */
    bool sort;
};

/* Chooses the rules of "musl" or "glibc". false: another word. */
bool rules_named(const char *name);

/* Chooses the rules by the linker that a program names (PT_INTERP): musl's for musl's, glibc's for
 * any other and for NULL. */
void rules_choose(const char *interpreter);

/* Is an interpreter (PT_INTERP; NULL: none) glibc's linker? */
bool rules_of_glibc(const char *interpreter);

#endif
