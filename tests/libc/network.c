/* <netinet/in.h>'s data, and <sys/socket.h>'s messages: several in a call, descriptors with them,
 * with rubbish in the padding that musl's structures have and the kernel's have not. */
#include "check.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void test_addresses(void)
{
    /* by RFC 3493: sixteen bytes 0, and the last of them 1 */
    static const unsigned char any[16], loopback[16] = {[15] = 1};
    CHECK(memcmp(&in6addr_any, any, sizeof any) == 0);
    CHECK(memcmp(&in6addr_loopback, loopback, sizeof loopback) == 0);
    CHECK_IS(sizeof in6addr_any, 16);
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    if (fd < 0) {
        CHECK_IS(errno, EAFNOSUPPORT); /* a machine without */
        return;
    }
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = in6addr_any};
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EADDRNOTAVAIL);
    close(fd);
}

static void *other_thread(void *main_error)
{
    CHECK(&h_errno != main_error);
    CHECK_IS(h_errno, 0);
    h_errno = NO_DATA;
    return NULL;
}

static void test_error(void)
{
    pthread_t thread;

    h_errno = TRY_AGAIN;
    CHECK_IS(pthread_create(&thread, NULL, other_thread, &h_errno), 0);
    pthread_join(thread, NULL);
    CHECK_IS(h_errno, TRY_AGAIN);
#ifndef __GLIBC__ /* which has no datum of that name */
#undef h_errno
    extern int h_errno;
    CHECK(__h_errno_location() == &h_errno);
#endif
    /* each has a text of its own, and the text of any is one */
    for (int i = -1; i < 7; i++)
        CHECK(strlen(hstrerror(i)) > 5);
    for (int i = HOST_NOT_FOUND; i <= NO_DATA; i++)
        for (int j = HOST_NOT_FOUND; j < i; j++)
            CHECK(strcmp(hstrerror(i), hstrerror(j)) != 0);
    int saved = dup(2), ends[2];
    char got[200] = "", expected[200];
    sprintf(expected, "it: %s\n%s\n", hstrerror(TRY_AGAIN), hstrerror(TRY_AGAIN));
    CHECK_IS(pipe(ends), 0);
    dup2(ends[1], 2);
    herror("it");
    herror(NULL);
    dup2(saved, 2);
    CHECK_IS(read(ends[0], got, sizeof got - 1), strlen(expected));
    CHECK_TEXT(got, expected);
    close(saved);
    close(ends[0]);
    close(ends[1]);
}

enum { MESSAGES = 3 };

/* Each message has two parts, "N" and "messages" from its Nth letter on. */
static void fill(struct mmsghdr *messages, struct iovec parts[][2], char numbers[][2])
{
    static char text[] = "messages";
    memset(messages, 0x55, MESSAGES * sizeof *messages); /* padding, too */
    for (int i = 0; i < MESSAGES; i++) {
        struct msghdr *header = &messages[i].msg_hdr;
        numbers[i][0] = (char)('0' + i);
        parts[i][0] = (struct iovec){numbers[i], 1};
        parts[i][1] = (struct iovec){text + i, strlen(text + i)};
        header->msg_name = NULL;
        header->msg_namelen = 0;
        header->msg_iov = parts[i];
        header->msg_iovlen = 2;
        header->msg_control = NULL;
        header->msg_controllen = 0;
        header->msg_flags = 0;
    }
}

static void test_messages(void)
{
    int pair[2];
    struct mmsghdr out[MESSAGES], in[MESSAGES];
    struct iovec parts[MESSAGES][2];
    char numbers[MESSAGES][2], texts[MESSAGES][16];

    CHECK_IS(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    fill(out, parts, numbers);
    CHECK_IS(sendmmsg(pair[0], out, MESSAGES, 0), MESSAGES);
    for (int i = 0; i < MESSAGES; i++)
        CHECK_IS(out[i].msg_len, 1 + 8 - i);
    CHECK_IS(sendmmsg(pair[0], out, 0, 0), 0);

    memset(in, 0x55, sizeof in);
    memset(texts, 0, sizeof texts);
    for (int i = 0; i < MESSAGES; i++) {
        parts[i][0] = (struct iovec){texts[i], sizeof texts[i]};
        in[i].msg_hdr.msg_name = NULL;
        in[i].msg_hdr.msg_namelen = 0;
        in[i].msg_hdr.msg_iov = parts[i];
        in[i].msg_hdr.msg_iovlen = 1;
        in[i].msg_hdr.msg_control = NULL;
        in[i].msg_hdr.msg_controllen = 0;
    }
    struct timespec timeout = {1, 0};
    CHECK_IS(recvmmsg(pair[1], in, MESSAGES, MSG_DONTWAIT, &timeout), MESSAGES);
    for (int i = 0; i < MESSAGES; i++) {
        char expected[16] = {(char)('0' + i)};
        strcat(expected, &"messages"[i]);
        CHECK_IS(in[i].msg_len, strlen(expected));
        CHECK(strcmp(texts[i], expected) == 0);
    }
    errno = 0;
    CHECK_IS(recvmmsg(pair[1], in, 1, MSG_DONTWAIT, NULL), -1);
    CHECK_IS(errno, EAGAIN);

    /* what fails first is told, what fails later only counts */
    fill(out, parts, numbers);
    out[1].msg_hdr.msg_iov = NULL;
    CHECK_IS(sendmmsg(pair[0], out, MESSAGES, 0), 1);
    errno = 0;
    CHECK_IS(sendmmsg(pair[0], out + 1, MESSAGES - 1, 0), -1);
    CHECK_IS(errno, EFAULT);
    close(pair[0]);
    close(pair[1]);
    errno = 0;
    CHECK_IS(sendmmsg(pair[0], out, 1, 0), -1);
    CHECK_IS(errno, EBADF);
}

static void test_mark(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int waits = socket(AF_INET, SOCK_STREAM, 0), from = socket(AF_INET, SOCK_STREAM, 0);
    char text[8];

    errno = 0;
    CHECK_IS(sockatmark(-1), -1);
    CHECK_IS(errno, EBADF);
    if (waits < 0 || bind(waits, (struct sockaddr *)&address, length) != 0 ||
        listen(waits, 1) != 0 || getsockname(waits, (struct sockaddr *)&address, &length) != 0 ||
        connect(from, (struct sockaddr *)&address, length) != 0)
        return; /* no network, not even this one */
    int to = accept(waits, NULL, NULL);
    CHECK(to >= 0);
    CHECK_IS(send(from, "ab", 2, 0), 2);
    CHECK_IS(send(from, "!", 1, MSG_OOB), 1);
    struct pollfd urgent = {.fd = to, .events = POLLPRI};
    CHECK_IS(poll(&urgent, 1, 10000), 1);
    CHECK_IS(recv(to, text, 1, MSG_WAITALL), 1);
    CHECK_IS(sockatmark(to), 0);
    CHECK_IS(recv(to, text, 1, MSG_WAITALL), 1);
    CHECK_IS(sockatmark(to), 1);
    close(to);
    close(from);
    close(waits);
}

int main(void)
{
    test_addresses();
    test_error();
    test_messages();
    test_mark();
    return check_end();
}
