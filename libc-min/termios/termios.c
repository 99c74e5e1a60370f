/* termios(3): ioctl_tty(2). The kernel's struct termios is the beginning of musl's. */
#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int tcgetattr(int fd, struct termios *to)
{
    return ioctl(fd, TCGETS, to) == 0 ? 0 : -1;
}

int tcsetattr(int fd, int when, const struct termios *from)
{
    if (when < TCSANOW || when > TCSAFLUSH) {
        errno = EINVAL;
        return -1;
    }
    return ioctl(fd, TCSETS + when, from);
}

int tcsendbreak(int fd, int duration)
{
    (void)duration; /* the kernel's quarter of a second, always */
    return ioctl(fd, TCSBRK, 0);
}

int tcdrain(int fd)
{
    return ioctl(fd, TCSBRK, 1);
}

int tcflow(int fd, int action)
{
    return ioctl(fd, TCXONC, action);
}

int tcflush(int fd, int queue)
{
    return ioctl(fd, TCFLSH, queue);
}

pid_t tcgetsid(int fd)
{
    int session;

    return ioctl(fd, TIOCGSID, &session) == 0 ? session : -1;
}

pid_t tcgetpgrp(int fd)
{
    int group;

    return ioctl(fd, TIOCGPGRP, &group) == 0 ? group : -1;
}

int tcsetpgrp(int fd, pid_t group)
{
    int value = group;

    return ioctl(fd, TIOCSPGRP, &value);
}

speed_t cfgetospeed(const struct termios *from)
{
    return from->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *from)
{
    return cfgetospeed(from);
}

int cfsetospeed(struct termios *to, speed_t speed)
{
    if (speed & ~(speed_t)CBAUD) {
        errno = EINVAL;
        return -1;
    }
    to->c_cflag = (to->c_cflag & ~(tcflag_t)CBAUD) | speed;
    return 0;
}

/* POSIX: 0 means the output's. Linux has one speed for both. */
int cfsetispeed(struct termios *to, speed_t speed)
{
    return speed ? cfsetospeed(to, speed) : 0;
}

int cfsetspeed(struct termios *to, speed_t speed)
{
    return cfsetospeed(to, speed);
}

void cfmakeraw(struct termios *to)
{
    to->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    to->c_oflag &= ~(tcflag_t)OPOST;
    to->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    to->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    to->c_cflag |= CS8;
    to->c_cc[VMIN] = 1;
    to->c_cc[VTIME] = 0;
}
