/* plugin.so, of the sample `plugin`: reports its constructor and its destructor, and has two
 * symbols to look up. */
#include <stdio.h>

void host_say(const char *who, const char *what); /* the program's */

const char plugin_name[] = "doubler";

__attribute__((constructor)) static void plugin_begin(void)
{
    host_say("plugin", "constructor");
}

__attribute__((destructor)) static void plugin_end(void)
{
    host_say("plugin", "destructor");
}

int plugin_double(int number);
int plugin_double(int number)
{
    host_say("plugin", "plugin_double");
    return 2 * number;
}
