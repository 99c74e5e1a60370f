#include "info.h"

#include "base/problem.h"
#include "fixed.h"
#include "handle.h"
#include "load.h"
#include "lock.h"
#include "search.h"
#include "tls.h"

#include <dlfcn.h>
#include <string.h>

/* glibc's <dlfcn.h>; musl's does not have them. */
enum {
    DI_LMID = 1,
    DI_SERINFO = 4,
    DI_SERINFOSIZE = 5,
    DI_ORIGIN = 6,
    DI_TLS_MODID = 9,
    DI_TLS_DATA = 10,
};

/* dlinfo(3)'s Dl_serinfo, as glibc has it: musl's headers have not. */
struct search_info {
    size_t size;
    unsigned count;
    struct {
        char *name;
        unsigned flags;
    } paths[1];
};

struct search_walk {
    struct search_info *info; /* NULL: only measured */
    size_t text;              /* bytes of names so far */
    unsigned count;
    char *names;
};

static bool add_folder(void *context, const char *list, const char *folder)
{
    struct search_walk *walk = context;
    size_t size = strlen(folder) + 1;
    (void)list;
    if (walk->info != NULL && walk->count < walk->info->count) {
        walk->info->paths[walk->count].name = memcpy(walk->names + walk->text, folder, size);
        walk->info->paths[walk->count].flags = 0;
    }
    walk->text += size;
    walk->count++;
    return false;
}

bool info_get(void *handle, int request, void *result, struct problem *problem)
{
    struct search_walk walk = {NULL, 0, 0, NULL};
    linker_lock_take();
    struct object *object = handle_object(handle, problem);
    bool done = object != NULL;
    if (done)
        switch (request) {
        case RTLD_DI_LINKMAP:
            *(struct link_map **)result = &object->map;
            break;
        case DI_LMID:
            *(long *)result = 0; /* there is one namespace */
            break;
        case DI_ORIGIN: {
            char folder[4096];
            done = search_origin(object, folder, sizeof folder) ||
                   problem_set(problem, "%s: its folder is not known", object_title(object));
            if (done)
                strcpy(result, folder);
            break;
        }
        case DI_TLS_MODID:
            *(size_t *)result = object->tls_module;
            break;
        case DI_TLS_DATA:
            *(void **)result = tls_block(object);
            break;
        case DI_SERINFO:
        case DI_SERINFOSIZE:
            search_folders(object, add_folder, &walk);
            if (request == DI_SERINFO) {
                struct search_info *info = result;
                struct search_walk fill = {info, 0, 0, (char *)&info->paths[info->count]};
                search_folders(object, add_folder, &fill);
                break;
            }
            ((struct search_info *)result)->count = walk.count;
            ((struct search_info *)result)->size =
                sizeof(struct search_info) +
                walk.count * sizeof(((struct search_info *)0)->paths[0]) + walk.text;
            break;
        default:
            done = problem_set(problem, "dlinfo: %d is no request", request);
        }
    linker_lock_release();
    return done;
}

int info_objects(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data)
{
    int answer = 0;
    linker_lock_take();
    for (struct object *object = fixed.program; object != NULL && answer == 0;
         object = object_next(object)) {
        struct dl_phdr_info info = {
            .dlpi_addr = object->bias,
            .dlpi_name = object->map.l_name,
            .dlpi_phdr = object->phdr,
            .dlpi_phnum = (Elf64_Half)object->phnum,
            .dlpi_adds = objects_added,
            .dlpi_subs = objects_removed,
            .dlpi_tls_modid = object->tls_module,
            .dlpi_tls_data = tls_block(object),
        };
        answer = callback(&info, sizeof info, data);
    }
    linker_lock_release();
    return answer;
}
