/* Whose rules a program keeps: those of the linker that it was built for, where musl's and glibc's
 * differ. One row for each difference; what is the same with both is in the code. */
#ifndef RT_RULES_H
#define RT_RULES_H

#include <stdbool.h>

struct rules {
    char name[8];
    /* dlclose() unmaps what nothing uses any more. musl's keeps all until the process ends, so that
     * programs and libraries leave pointers into libraries behind. */
    bool unload;
    /* DT_RPATH and DT_RUNPATH are one list, that serves what the object's libraries need as well,
     * and LD_LIBRARY_PATH comes first. Else ld.so(8). What dlopen() looks for is needed by the
     * program, not by the caller. Any white space ends a name of LD_PRELOAD, not only a blank. */
    bool one_path;
    /* A name without a slash means a loaded object if that has been loaded by this name; else also
     * if it is the DT_SONAME. */
    bool soname;
    /* dlopen("") is the program; else it fails. */
    bool empty_name;
    /* The names of versions count; else only which one is the default. */
    bool versions;
    /* STB_GNU_UNIQUE makes one definition of all that have the name. */
    bool unique;
    /* RTLD_DEEPBIND turns the order of scopes round; else it is not known. */
    bool deep_bind;
    /* dlopen() refuses a program (DF_1_PIE) and what was linked with -z nodlopen (DF_1_NOOPEN). */
    bool refuse;
    /* What dlopen() brings is bound when it is opened, but for what nobody defines yet; else its
     * functions at their first calls, to what has been opened in between, too. */
    bool bind_opened;
    /* The order of constructors is that of glibc 2.36; else a walk from the program, in the order
     * of DT_NEEDED, what is preloaded first. */
    bool sort;
};

/* Those of "musl" or "glibc". false: another word. */
bool rules_named(const char *name);

/* Those of the linker that a program names (PT_INTERP); NULL: none, and so glibc's. Of
 * ld-uexec.so.1, glibc's. */
void rules_choose(const char *interpreter);

/* Is an interpreter (PT_INTERP; NULL: none) glibc's linker? */
bool rules_of_glibc(const char *interpreter);

#endif
