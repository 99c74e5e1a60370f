/* launch [OPTION]... PROGRAM ARG...: become PROGRAM by execve, with a state that a shell has no
 * words for. The environment is passed on as it is.
 *
 *   -r        switch address randomness off (personality(2))
 *   -a NAME   argv[0] is NAME
 *   -e FD     open /dev/null as FD, to be closed by execve
 *   -k FD     open /dev/null as FD, to be kept
 *   -b SIG    block a signal
 *   -i SIG    ignore a signal
 *   -p SIG    block a signal and raise it, so that it is pending
 *   -c SIG    catch a signal, on an alternate stack
 *   -t        set an interval timer of an hour
 *   -d SIG    die with SIG when the parent does
 *   -n        an empty argv: no argv[0] either
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

extern char **environ;

static void open_as(int fd, int flags)
{
    int null = open("/dev/null", O_RDWR);
    if (dup3(null, fd, flags) < 0)
        perror("launch: dup3");
    close(null);
}

static void block(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

static void catch (int number)
{
    (void)number;
}

static void catch_on_stack(int number)
{
    static char space[65536];
    struct sigaction action = {.sa_handler = catch, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigaltstack(&(stack_t){.ss_sp = space, .ss_size = sizeof space}, NULL);
    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

int main(int argc, char **argv)
{
    const char *name = NULL;
    int empty = 0;
    for (int letter; (letter = getopt(argc, argv, "+ra:e:k:b:i:p:c:td:n")) != -1;) {
        int number = optarg == NULL ? 0 : atoi(optarg);
        switch (letter) {
        case 'r':
            personality(ADDR_NO_RANDOMIZE);
            break;
        case 'a':
            name = optarg;
            break;
        case 'e':
            open_as(number, O_CLOEXEC);
            break;
        case 'k':
            open_as(number, 0);
            break;
        case 'b':
            block(number);
            break;
        case 'i':
            signal(number, SIG_IGN);
            break;
        case 'p':
            block(number);
            raise(number);
            break;
        case 'c':
            catch_on_stack(number);
            break;
        case 't':
            setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = 3600}}, NULL);
            break;
        case 'd':
            prctl(PR_SET_PDEATHSIG, number);
            break;
        case 'n':
            empty = 1;
            break;
        default:
            return 125;
        }
    }
    char *program = argv[optind];
    if (program == NULL)
        return 125;
    if (name != NULL)
        argv[optind] = (char *)name;
    execve(program, empty ? argv + argc : argv + optind, environ);
    perror(program);
    return 127;
}
