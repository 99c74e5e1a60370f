/* The two addresses of <netinet/in.h>, RFC 3493 3.8 and 3.9: "::" and "::1". */
#include <netinet/in.h>

const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
const struct in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;
