/* Maps and unmaps a page: calls ROUNDS. What a recorder costs is the difference of two such runs.
 */
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 10000;
    for (int i = 0; i < rounds; i++) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED || munmap(page, 4096) != 0)
            return 1;
    }
    return 0;
}
