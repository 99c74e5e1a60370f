/* plugin: the program loads a library while it runs, looks up symbols in it, and closes it.
 *
 * dlopen maps the library, binds it, and runs its constructors before it returns; dlsym finds a
 * symbol in it by name, dladdr finds a symbol by address; dlclose runs the destructors and unmaps
 * the library. The plugin calls a function of the program: host_say is one of the program's dynamic
 * symbols (-Wl,--export-dynamic-symbol). musl's dlclose unmaps nothing, and rt keeps that rule for
 * musl's programs: the plugin stays, and its destructor runs at exit. dlopen(3), dlsym(3),
 * dladdr(3).
 *
 * The linker finds plugin.so by the program's DT_RUNPATH, as for the sample `libraries`.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <dlfcn.h>

void host_say(const char *who, const char *what); /* the plugin's declaration of it */

/* Prints one line for each event: the part that reports it, and the event. */
void host_say(const char *who, const char *what)
{
    printf("%-8s %s\n", who, what);
}

static void open_print(const char *name, const void *handle)
{
    printf("%-8s dlopen(\"%s\"): ", "program", name);
    if (handle)
        printf("a handle\n");
    else
        printf("NULL, dlerror: %s\n", dlerror());
}

/* Prints the address of a symbol, and the symbol that dladdr finds at that address. */
static void *symbol_print(void *handle, const char *name)
{
    void *address = dlsym(handle, name);
    Dl_info info;

    printf("%-8s dlsym(\"%s\"): ", "program", name);
    if (!address) {
        printf("NULL, dlerror: %s\n", dlerror());
        return NULL;
    }
    printf("%#zx", (size_t)address);
    if (dladdr(address, &info) && info.dli_sname && info.dli_fname) {
        const char *slash = strrchr(info.dli_fname, '/');

        printf(", dladdr: %s of %s at %#zx", info.dli_sname, slash ? slash + 1 : info.dli_fname,
               (size_t)info.dli_fbase);
    }
    printf("\n");
    return address;
}

int main(int argc, char **argv)
{
    int (*plugin_double)(int);
    struct mapping map;
    const char *name;
    void *handle, *address;

    pause_prepare(argc, argv);
    output_prepare();
    open_print("missing.so", dlopen("missing.so", RTLD_NOW));

    handle = dlopen("plugin.so", RTLD_NOW);
    open_print("plugin.so", handle);
    if (!handle)
        return 1;
    pause_at("the plugin is there");

    symbol_print(handle, "plugin_missing");
    name = symbol_print(handle, "plugin_name");
    address = symbol_print(handle, "plugin_double");
    if (!name || !address)
        return 1;
    /* in POSIX a void * can hold a function's address; ISO C has no conversion between the two */
    memcpy(&plugin_double, &address, sizeof address);
    printf("%-8s %s makes %d of 21\n", "program", name, plugin_double(21));

    printf("%-8s dlclose\n", "program");
    if (dlclose(handle) != 0)
        printf("%-8s dlerror: %s\n", "program", dlerror());
    printf("%-8s where plugin_double was: ", "program");
    mapping_find((uintptr_t)address, &map);
    mapping_print(&map);
    pause_at("the plugin is closed");
    printf("%-8s ends\n", "program");
    return 0;
}
