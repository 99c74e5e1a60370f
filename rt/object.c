#include "object.h"

#include "load.h"

bool object_has(const struct object *object, uintptr_t address, size_t size, uint32_t flags)
{
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr *phdr = &object->phdr[i];
        uintptr_t offset = address - object->bias - phdr->p_vaddr;
        if (phdr->p_type == PT_LOAD && (phdr->p_flags & flags) == flags &&
            offset <= phdr->p_memsz && size <= phdr->p_memsz - offset)
            return true;
    }
    return false;
}

const char *object_title(const struct object *object)
{
    return object->name;
}

const char *object_symbol_name(const struct object *object, uint32_t index)
{
    const struct symbols *symbols = &object->symbols;
    if (index >= symbols->limit || symbols->table[index].st_name >= symbols->strings_size)
        return "?";
    return symbols->strings + symbols->table[index].st_name;
}

size_t object_symbol_count(const struct object *object)
{
    const struct symbols *symbols = &object->symbols;
    uint32_t last = 0;
    if (symbols->sysv != NULL)
        return symbols->limit;
    for (uint32_t i = 0; i < symbols->bucket_count; i++)
        if (symbols->buckets[i] > last)
            last = symbols->buckets[i];
    if (last < symbols->first || last == 0)
        return symbols->first < symbols->limit ? symbols->first : symbols->limit;
    while (last - symbols->first < symbols->chain_limit &&
           (symbols->chain[last - symbols->first] & 1) == 0)
        last++;
    return last < symbols->limit ? last + 1 : symbols->limit;
}
