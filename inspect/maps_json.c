/* Mappings in JSON, for uexec's report and umaps'. */
#include "json.h"
#include "maps.h"

void mapping_write(struct json *json, const struct mapping *mapping)
{
    json_write_hex(json, "start", mapping->start);
    json_write_hex(json, "end", mapping->end);
    json_write_number(json, "size", mapping->end - mapping->start);
    json_write_string(json, "permissions", mapping->permissions);
    json_write_hex(json, "offset", mapping->offset);
    json_write_string(json, "name", mapping->name);
    json_write_string(json, "kind", mapping_kind_name(mapping_kind(mapping)));
}
