/* clang-format off */
/* inject_calls.h: the one table of the calls that can be made to fail, and how.
 *
 * It drives wrappers, plans, campaigns, help texts, documentation and tests. inject/shim/README.md
 * says how a call is added. New rows go to the end of a group; the rows' numbers change between
 * protocol versions.
 *
 * ROW(IDENTIFIER, NAME, NUMBER, REPORT, FACTS, LOSS, LIKELY, POSSIBLE, HOSTILE)
 *
 *   NAME    as plans spell it
 *   NUMBER  of the system call that counts as this row, or -1. The rows of the futex share a number:
 *           its operation tells them apart. Whoever uses the numbers includes <sys/syscall.h>.
 *   REPORT  how the wrapper of that name tells its caller: see heddle_inject_report. Failures of
 *           the raw layer are always the kernel's -errno, and those of libc's syscall() always -1
 *           and errno.
 *   FACTS   see heddle_inject_fact
 *   LOSS    what a program lacks if it goes on as if nothing had happened; null: nothing
 *   errnos  those that POSIX or the manual page documents, the likeliest first, in three classes by
 *           how probable it is that a program meets them in the field: LIKELY under ordinary load
 *           (limits reached, signals, races), POSSIBLE on systems set up with care or in odd
 *           states, HOSTILE only when the caller or the kernel is wrong
 */
#ifndef HEDDLE_INJECT_CALLS_H
#define HEDDLE_INJECT_CALLS_H

#define HEDDLE_INJECT_CALL_TABLE(ROW) \
  ROW(PTHREAD_CREATE, "pthread_create", -1, RETURNS_ERRNO, 0, "a thread", (EAGAIN), (EPERM, EINVAL), ()) \
  ROW(PTHREAD_ATTR_INIT, "pthread_attr_init", -1, RETURNS_ERRNO, 0, NULL, (ENOMEM), (), ()) \
  ROW(PTHREAD_ATTR_SETSTACKSIZE, "pthread_attr_setstacksize", -1, RETURNS_ERRNO, 0, "the stack size", (EINVAL), (), ()) \
  ROW(PTHREAD_ATTR_SETSTACK, "pthread_attr_setstack", -1, RETURNS_ERRNO, 0, "the stack", (EINVAL), (), (EACCES)) \
  ROW(PTHREAD_ATTR_SETGUARDSIZE, "pthread_attr_setguardsize", -1, RETURNS_ERRNO, 0, "the guard size", (), (), (EINVAL)) \
  ROW(PTHREAD_ATTR_DESTROY, "pthread_attr_destroy", -1, RETURNS_ERRNO, HEDDLE_INJECT_GIVES_BACK, NULL, (), (), (EINVAL)) \
  ROW(PTHREAD_GETATTR_NP, "pthread_getattr_np", -1, RETURNS_ERRNO, 0, NULL, (ENOMEM), (), ()) \
  ROW(PTHREAD_JOIN, "pthread_join", -1, RETURNS_ERRNO, HEDDLE_INJECT_GIVES_BACK | HEDDLE_INJECT_CANCELLATION_POINT, NULL, (), (EDEADLK), (EINVAL, ESRCH)) \
  ROW(PTHREAD_DETACH, "pthread_detach", -1, RETURNS_ERRNO, HEDDLE_INJECT_GIVES_BACK, NULL, (), (), (EINVAL, ESRCH)) \
  ROW(PTHREAD_KEY_CREATE, "pthread_key_create", -1, RETURNS_ERRNO, 0, "a key", (EAGAIN), (ENOMEM), ()) \
  ROW(PTHREAD_SETSPECIFIC, "pthread_setspecific", -1, RETURNS_ERRNO, 0, "a thread's value", (ENOMEM), (), (EINVAL)) \
  ROW(PTHREAD_SETNAME_NP, "pthread_setname_np", -1, RETURNS_ERRNO, 0, NULL, (ERANGE), (), ()) \
  ROW(PTHREAD_MUTEX_INIT, "pthread_mutex_init", -1, RETURNS_ERRNO, 0, "a mutex", (), (), (ENOMEM, EAGAIN)) \
  ROW(PTHREAD_COND_INIT, "pthread_cond_init", -1, RETURNS_ERRNO, 0, "a condition variable", (), (), (ENOMEM, EAGAIN)) \
  ROW(PTHREAD_ATTR_SETSCHEDPARAM, "pthread_attr_setschedparam", -1, RETURNS_ERRNO, 0, "the priority", (), (EINVAL), (ENOTSUP)) \
  ROW(PTHREAD_ATTR_SETINHERITSCHED, "pthread_attr_setinheritsched", -1, RETURNS_ERRNO, 0, "the scheduling", (), (), (EINVAL, ENOTSUP)) \
  ROW(SEM_INIT, "sem_init", -1, MINUS_ONE, 0, "a semaphore", (), (EINVAL), (ENOSYS)) \
  ROW(FORK, "fork", SYS_fork, MINUS_ONE, 0, "a process", (EAGAIN), (ENOMEM), ()) \
  ROW(VFORK, "vfork", SYS_vfork, MINUS_ONE, 0, "a process", (EAGAIN), (ENOMEM), ()) \
  ROW(POSIX_SPAWN, "posix_spawn", -1, RETURNS_ERRNO, 0, "a process", (EAGAIN), (ENOMEM), ()) \
  ROW(PRCTL, "prctl", SYS_prctl, MINUS_ONE, 0, NULL, (), (EPERM, EACCES), (EINVAL, EFAULT)) \
  ROW(THRD_CREATE, "thrd_create", -1, THRD_ERROR, 0, "a thread", (ENOMEM), (EAGAIN), ()) \
  ROW(MMAP, "mmap", SYS_mmap, MINUS_ONE, HEDDLE_INJECT_ALLOCATOR_MOVES, NULL, (ENOMEM), (EAGAIN, EACCES, EPERM, ENFILE, ENODEV), (EINVAL, EBADF, EOVERFLOW)) \
  ROW(MPROTECT, "mprotect", SYS_mprotect, MINUS_ONE, HEDDLE_INJECT_ALLOCATOR_MOVES, "the protection", (ENOMEM), (EACCES), (EINVAL)) \
  ROW(MUNMAP, "munmap", SYS_munmap, MINUS_ONE, HEDDLE_INJECT_GIVES_BACK, NULL, (), (ENOMEM), (EINVAL)) \
  ROW(MREMAP, "mremap", SYS_mremap, MINUS_ONE, HEDDLE_INJECT_ALLOCATOR_MOVES, NULL, (ENOMEM), (), (EAGAIN, EFAULT, EINVAL)) \
  ROW(MADVISE, "madvise", SYS_madvise, MINUS_ONE, HEDDLE_INJECT_ALLOCATOR_MOVES, NULL, (), (EAGAIN, ENOMEM, EIO), (EACCES, EBADF, EINVAL, EPERM)) \
  ROW(SIGALTSTACK, "sigaltstack", SYS_sigaltstack, MINUS_ONE, 0, "the alternate signal stack", (ENOMEM), (EPERM), (EINVAL, EFAULT)) \
  ROW(SIGACTION, "sigaction", SYS_rt_sigaction, MINUS_ONE, 0, "a signal handler", (), (), (EINVAL, EFAULT)) \
  ROW(NANOSLEEP, "nanosleep", SYS_nanosleep, MINUS_ONE, HEDDLE_INJECT_CANCELLATION_POINT, NULL, (EINTR), (), (EFAULT, EINVAL)) \
  ROW(CLOCK_NANOSLEEP, "clock_nanosleep", SYS_clock_nanosleep, RETURNS_ERRNO, HEDDLE_INJECT_CANCELLATION_POINT, NULL, (EINTR), (ENOTSUP), (EFAULT, EINVAL)) \
  ROW(SCHED_YIELD, "sched_yield", SYS_sched_yield, MINUS_ONE, 0, NULL, (), (), (ENOSYS)) \
  ROW(FUTEX_WAIT, "futex.wait", SYS_futex, MINUS_ONE, 0, NULL, (EINTR, EAGAIN), (ETIMEDOUT), (EINVAL, ENOSYS, EFAULT, EACCES)) \
  ROW(FUTEX_WAKE, "futex.wake", SYS_futex, MINUS_ONE, 0, "a wake-up", (), (), (EINVAL, ENOSYS, EFAULT, EACCES)) \
  ROW(FUTEX_REQUEUE, "futex.requeue", SYS_futex, MINUS_ONE, 0, "a wake-up", (EAGAIN), (), (EINVAL, ENOSYS, EFAULT, EACCES)) \
  ROW(FUTEX_WAKE_OP, "futex.wake_op", SYS_futex, MINUS_ONE, 0, "a wake-up", (), (), (EINVAL, ENOSYS, EFAULT, EACCES)) \
  ROW(FUTEX_LOCK_PI, "futex.lock_pi", SYS_futex, MINUS_ONE, 0, NULL, (EAGAIN), (ETIMEDOUT, ENOMEM, EDEADLK), (ESRCH, EINVAL, ENOSYS, EPERM, EFAULT)) \
  ROW(FUTEX_UNLOCK_PI, "futex.unlock_pi", SYS_futex, MINUS_ONE, 0, "a wake-up", (), (), (EINVAL, ENOSYS, EPERM, EFAULT)) \
  /* Seen only by the raw layer and in libc's syscall(). */ \
  ROW(CLONE, "clone", SYS_clone, MINUS_ONE, HEDDLE_INJECT_LIBC_KEEPS_STACK, "a thread or process", (EAGAIN), (ENOMEM, EPERM), (EINVAL)) \
  ROW(CLONE3, "clone3", SYS_clone3, MINUS_ONE, HEDDLE_INJECT_LIBC_KEEPS_STACK, "a thread or process", (EAGAIN), (ENOMEM, EPERM), (EINVAL, ENOSYS)) \
  ROW(SET_ROBUST_LIST, "set_robust_list", SYS_set_robust_list, MINUS_ONE, 0, "the robust mutexes", (), (), (EINVAL, ENOSYS)) \
  ROW(RT_SIGPROCMASK, "rt_sigprocmask", SYS_rt_sigprocmask, MINUS_ONE, 0, NULL, (), (), (EFAULT, EINVAL)) \
  /* Every other system call: syscall.NAME or syscall.NUMBER. Its errnos are not listed here, so
   * campaigns leave it alone. */ \
  ROW(SYSTEM_CALL, "syscall", -1, MINUS_ONE, 0, NULL, (), (), ())

/* What a call must be like to get some of its errnos: NEED(IDENTIFIER, TEXT), at most 32. The text
 * completes "only if". */
#define HEDDLE_INJECT_NEED_TABLE(NEED) \
  NEED(SCHEDULING, "its attributes ask for scheduling of their own") \
  NEED(ATTRIBUTES, "attributes are given") \
  NEED(SMALL_STACK, "the stack is so small that some machine refuses it") \
  NEED(ITSELF, "the thread waits for itself") \
  NEED(FAR_KEY, "the value is not null, and the key not among the first 32") \
  NEED(LONG_NAME, "the name has more than 15 bytes") \
  NEED(PRIVILEGE, "the option asks for a privilege") \
  NEED(LOCKED, "the memory is locked (MAP_LOCKED)") \
  NEED(FILE_OR_CODE, "a file is mapped, or memory becomes executable") \
  NEED(FILE, "a file is mapped") \
  NEED(SHARED_MEMORY, "the memory is shared and of no file") \
  NEED(MORE_MEMORY, "a mapping is taken apart, or private memory becomes writable") \
  NEED(HOLE, "it leaves a hole in the middle of a mapping") \
  NEED(GROWTH, "the mapping grows or moves") \
  NEED(PAGES, "the advice asks for pages at once") \
  NEED(ON_SIGNAL_STACK, "the thread runs on its signal stack") \
  NEED(HANDLER, "a signal has a handler (for a wait without limit: one without SA_RESTART)") \
  NEED(CLOCK, "the clock is none that can wake a sleeper") \
  NEED(OTHER_VALUE, "the word has another value than the call expects") \
  NEED(TIME_LIMIT, "the wait has a time limit") \
  NEED(OWNER, "another thread holds the lock") \
  NEED(NAMESPACE, "it makes a namespace") \
  NEED(OTHER_PRIORITY, "the policy has no such priority") \
  NEED(LARGE_VALUE, "the value exceeds SEM_VALUE_MAX")

/* NEEDS(ROW, ERRNO, NEED): the errnos that only some calls of a row can get. On other calls the errno
 * is hostile, whatever its class: neither kernel nor libc answers so, and a correct program need
 * not expect it. Reasons that the texts above do not show:
 *
 *   futex.wait EAGAIN    A wait whose word matches sleeps. A program may take EAGAIN as a promise
 *                        that the word has changed, and many words change only once. A sleeper must
 *                        expect a spurious wake-up at any time, but not EAGAIN.
 *   EINTR                A wait goes on after a stop, a debugger or a handler with SA_RESTART.
 *                        Handlers of faults (SIGSEGV and the like) do not come from outside.
 *   mprotect, madvise    The kernel refuses when it lacks room for one more mapping, or memory that
 *                        it has to account for. A whole mapping that loses rights takes neither.
 *   munmap ENOMEM        Only a hole makes two mappings of one.
 *   mutexes, conditions  glibc initialises both without any resource, and never refuses them for want
 *                        of one: POSIX permits ENOMEM and EAGAIN.
 *   pthread_create EPERM A filter of system calls may say so; the arguments then do not matter.
 */
#define HEDDLE_INJECT_NEEDS_TABLE(NEEDS) \
  NEEDS(PTHREAD_CREATE, EPERM, SCHEDULING) \
  NEEDS(PTHREAD_CREATE, EINVAL, ATTRIBUTES) \
  NEEDS(PTHREAD_ATTR_SETSTACKSIZE, EINVAL, SMALL_STACK) \
  NEEDS(PTHREAD_ATTR_SETSTACK, EINVAL, SMALL_STACK) \
  NEEDS(PTHREAD_JOIN, EDEADLK, ITSELF) \
  NEEDS(PTHREAD_SETSPECIFIC, ENOMEM, FAR_KEY) \
  NEEDS(PTHREAD_SETNAME_NP, ERANGE, LONG_NAME) \
  NEEDS(PTHREAD_ATTR_SETSCHEDPARAM, EINVAL, OTHER_PRIORITY) \
  NEEDS(SEM_INIT, EINVAL, LARGE_VALUE) \
  NEEDS(PRCTL, EPERM, PRIVILEGE) \
  NEEDS(PRCTL, EACCES, PRIVILEGE) \
  NEEDS(MMAP, EAGAIN, LOCKED) \
  NEEDS(MMAP, EACCES, FILE_OR_CODE) \
  NEEDS(MMAP, EPERM, FILE) \
  NEEDS(MMAP, ENFILE, SHARED_MEMORY) \
  NEEDS(MMAP, ENODEV, FILE) \
  NEEDS(MPROTECT, ENOMEM, MORE_MEMORY) \
  NEEDS(MPROTECT, EACCES, FILE_OR_CODE) \
  NEEDS(MUNMAP, ENOMEM, HOLE) \
  NEEDS(MREMAP, ENOMEM, GROWTH) \
  NEEDS(MADVISE, EAGAIN, MORE_MEMORY) \
  NEEDS(MADVISE, ENOMEM, PAGES) \
  NEEDS(MADVISE, EIO, PAGES) \
  NEEDS(SIGALTSTACK, ENOMEM, SMALL_STACK) \
  NEEDS(SIGALTSTACK, EPERM, ON_SIGNAL_STACK) \
  NEEDS(NANOSLEEP, EINTR, HANDLER) \
  NEEDS(CLOCK_NANOSLEEP, EINTR, HANDLER) \
  NEEDS(CLOCK_NANOSLEEP, ENOTSUP, CLOCK) \
  NEEDS(FUTEX_WAIT, EINTR, HANDLER) \
  NEEDS(FUTEX_WAIT, EAGAIN, OTHER_VALUE) \
  NEEDS(FUTEX_WAIT, ETIMEDOUT, TIME_LIMIT) \
  NEEDS(FUTEX_REQUEUE, EAGAIN, OTHER_VALUE) \
  NEEDS(FUTEX_LOCK_PI, EAGAIN, OWNER) \
  NEEDS(FUTEX_LOCK_PI, ETIMEDOUT, TIME_LIMIT) \
  NEEDS(FUTEX_LOCK_PI, ENOMEM, OWNER) \
  NEEDS(FUTEX_LOCK_PI, EDEADLK, ITSELF) \
  NEEDS(CLONE, EPERM, NAMESPACE) \
  NEEDS(CLONE3, EPERM, NAMESPACE)
/* clang-format on */

/* How a wrapper tells its caller that the call has failed. */
enum heddle_inject_report {
  HEDDLE_INJECT_RETURNS_ERRNO, /* returns the errno; errno itself stays */
  HEDDLE_INJECT_MINUS_ONE,     /* returns -1, where a pointer is returned MAP_FAILED; sets errno */
  HEDDLE_INJECT_THRD_ERROR     /* returns thrd_nomem for ENOMEM, otherwise thrd_error */
};

/* What is true of all calls of a row, added up. The shim decides what depends on arguments. */
enum heddle_inject_fact {
  /* The call gives something back: when it fails, the program holds that longer. */
  HEDDLE_INJECT_GIVES_BACK = 1,
  /* glibc keeps the stack that it has mapped for the thread, even when the call fails. */
  HEDDLE_INJECT_LIBC_KEEPS_STACK = 2,
  /* glibc's allocator, refused memory in one place, takes it from another, which then counts as the
   * program's. Only the raw layer sees the allocator's calls. */
  HEDDLE_INJECT_ALLOCATOR_MOVES = 4,
  /* A thread that has been cancelled ends in the call. */
  HEDDLE_INJECT_CANCELLATION_POINT = 8
};

#define HEDDLE_INJECT_CALL_NUMBER(identifier, ...) HEDDLE_INJECT_##identifier,
enum heddle_inject_call { HEDDLE_INJECT_CALL_TABLE(HEDDLE_INJECT_CALL_NUMBER) HEDDLE_INJECT_CALLS };
#undef HEDDLE_INJECT_CALL_NUMBER

/* Bit HEDDLE_INJECT_NEED_X of a site's `needs` says that one of its calls met the need X. */
#define HEDDLE_INJECT_NEED_NUMBER(identifier, text) HEDDLE_INJECT_NEED_##identifier,
enum heddle_inject_need {
  HEDDLE_INJECT_NEED_TABLE(HEDDLE_INJECT_NEED_NUMBER) HEDDLE_INJECT_NEED_COUNT
};
#undef HEDDLE_INJECT_NEED_NUMBER

#endif
