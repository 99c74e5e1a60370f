/* <libintl.h>: there are no catalogues, so every message is its own translation. */
#include <errno.h>
#include <libintl.h>
#include <limits.h>
#include <string.h>

char *dcngettext(const char *domain, const char *one, const char *many, unsigned long count,
                 int category)
{
    (void)domain, (void)category;
    return (char *)(count == 1 ? one : many);
}

char *dngettext(const char *domain, const char *one, const char *many, unsigned long count)
{
    return dcngettext(domain, one, many, count, 0);
}

char *ngettext(const char *one, const char *many, unsigned long count)
{
    return dcngettext(NULL, one, many, count, 0);
}

char *dcgettext(const char *domain, const char *text, int category)
{
    (void)domain, (void)category;
    return (char *)text;
}

char *dgettext(const char *domain, const char *text)
{
    return dcgettext(domain, text, 0);
}

char *gettext(const char *text)
{
    return dcgettext(NULL, text, 0);
}

/* The current domain, which is only stored and returned. */
char *textdomain(const char *name)
{
    static char domain[NAME_MAX + 1] = "messages";

    if (name) {
        size_t length = strlen(name);
        if (length > NAME_MAX) {
            errno = EINVAL;
            return NULL;
        }
        memcpy(domain, *name ? name : "messages", *name ? length + 1 : sizeof "messages");
    }
    return domain;
}

char *bindtextdomain(const char *domain, const char *folder)
{
    if (!domain || !*domain) {
        errno = EINVAL;
        return NULL;
    }
    return (char *)(folder ? folder : "/usr/share/locale");
}

char *bind_textdomain_codeset(const char *domain, const char *codeset)
{
    (void)domain, (void)codeset;
    return NULL;
}
