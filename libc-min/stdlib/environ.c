/* environ(7): in a file of its own, because the start code of every program sets it. */
#include "alias.h"

char **__environ;
WEAK_ALIAS(__environ, environ);
WEAK_ALIAS(__environ, _environ);
WEAK_ALIAS(__environ, ___environ);
