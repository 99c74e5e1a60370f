/* What is right for an image, found out from its bytes without the loader's code or libelf. */
#ifndef FUZZ_EXPECT_H
#define FUZZ_EXPECT_H

#include "inspect/image.h"

/* Why these bytes are no program that can be loaded; NULL: they are one. */
const char *expect_refusal(const unsigned char *bytes, size_t size, enum image_role role);

/* End with a message unless `plan` is right for the image in `bytes`, for which there is no reason
 * to be refused. */
void expect_plan(const struct plan *plan, const unsigned char *bytes, size_t size);

/* What execve(2) makes of a first line that begins with "#!": the interpreter's name and the
 * argument, which may be absent, as offsets into the first 256 bytes of the file. false: ENOEXEC.
 */
struct expect_line {
    size_t name, name_length;
    size_t argument, argument_length;
    bool has_argument;
};
bool expect_line(struct expect_line *line, const unsigned char *bytes, size_t size);

/* assert(), but in every build, and with the values. */
#define EXPECT(condition, ...)                                                                     \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                        \
            fprintf(stderr, __VA_ARGS__);                                                          \
            fputc('\n', stderr);                                                                   \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
