/* The system call instruction (psABI A.2.1): number in rax, arguments in rdi, rsi, rdx, r10, r8,
 * r9; the answer in rax; rcx and r11 are lost. */
#ifndef BASE_SYSCALL_ARCH_H
#define BASE_SYSCALL_ARCH_H

static inline __attribute__((always_inline)) long sys_call0(long n)
{
    long answer;
    __asm__ volatile("syscall" : "=a"(answer) : "a"(n) : "rcx", "r11", "memory");
    return answer;
}

static inline __attribute__((always_inline)) long sys_call1(long n, long a)
{
    long answer;
    __asm__ volatile("syscall" : "=a"(answer) : "a"(n), "D"(a) : "rcx", "r11", "memory");
    return answer;
}

static inline __attribute__((always_inline)) long sys_call2(long n, long a, long b)
{
    long answer;
    __asm__ volatile("syscall" : "=a"(answer) : "a"(n), "D"(a), "S"(b) : "rcx", "r11", "memory");
    return answer;
}

static inline __attribute__((always_inline)) long sys_call3(long n, long a, long b, long c)
{
    long answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(n), "D"(a), "S"(b), "d"(c)
                     : "rcx", "r11", "memory");
    return answer;
}

static inline __attribute__((always_inline)) long sys_call4(long n, long a, long b, long c, long d)
{
    register long r10 __asm__("r10") = d;
    long answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return answer;
}

static inline __attribute__((always_inline)) long sys_call5(long n, long a, long b, long c, long d,
                                                            long e)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    long answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return answer;
}

static inline __attribute__((always_inline)) long sys_call6(long n, long a, long b, long c, long d,
                                                            long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return answer;
}

#endif
