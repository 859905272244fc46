/* inject_control.h: the one contract between the preloaded shim and whoever steers it.
 *
 * The shim, `libheddle-inject.so`, wraps calls that may fail and asks a control block, on each of
 * them, whether this one shall. The control block is filled in one of two ways:
 *
 * - `heddle-inject` compiles a plan into a file that holds nothing but a control block, and names
 *   it in the environment variable HEDDLE_INJECT. The shim maps the file shared, keeps no
 *   descriptor, and the driver reads from it afterwards which rules fired.
 * - A program that steers itself finds the shim with dlsym(RTLD_DEFAULT, "heddle_inject_control"),
 *   and calls it for the block of its own process. Without HEDDLE_INJECT the block starts empty and
 *   disarmed, and the shim only passes calls on.
 *
 * Whoever writes a block checks `protocol` and `size` first. Rules are written while the block is
 * disarmed; `armed` is then stored with release order, and the shim reads it with acquire order, so
 * that it never sees half a rule.
 */
#ifndef HEDDLE_INJECT_CONTROL_H
#define HEDDLE_INJECT_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HEDDLE_INJECT_PROTOCOL = 1, HEDDLE_INJECT_MAXIMUM_RULES = 32 };

enum heddle_inject_call {
  HEDDLE_INJECT_PTHREAD_CREATE = 0,
  HEDDLE_INJECT_PTHREAD_ATTR_SETSTACKSIZE = 1,
  HEDDLE_INJECT_MMAP = 2, /* mmap and mmap64 */
  HEDDLE_INJECT_SIGALTSTACK = 3,
  HEDDLE_INJECT_FUTEX_WAIT = 4, /* syscall(SYS_futex, ...) with FUTEX_WAIT or FUTEX_WAIT_BITSET */
  HEDDLE_INJECT_FUTEX_WAKE = 5, /* the same with FUTEX_WAKE or FUTEX_WAKE_BITSET */
  HEDDLE_INJECT_CALLS = 6
};

enum heddle_inject_action {
  /* The call is not made. It fails with `error` in its own way: pthread calls return it, system
   * calls return -1 (mmap: MAP_FAILED) and set errno. */
  HEDDLE_INJECT_ERROR = 0,
  /* Futex wait only: the call is not made, and returns 0 as if it had been woken. */
  HEDDLE_INJECT_SPURIOUS = 1
};

enum heddle_inject_count {
  HEDDLE_INJECT_COUNT_THREAD = 0, /* each thread counts its own calls, as in strace */
  HEDDLE_INJECT_COUNT_PROCESS = 1 /* one count, in order of arrival */
};

/* Fires on the occurrences first, first + step, ... up to last, counted from 1 and from the moment
 * at which the block was armed. A step of 0 means the first alone. */
typedef struct heddle_inject_rule {
  uint32_t call;   /* enum heddle_inject_call */
  uint32_t action; /* enum heddle_inject_action */
  uint32_t count;  /* enum heddle_inject_count */
  int32_t error;   /* errno value */
  uint64_t first, last, step;
  /* Written by the shim, atomically; the other side only reads them. */
  uint64_t reached; /* how many calls the rule has looked at */
  uint64_t fired;   /* how many of them it has made fail */
} heddle_inject_rule;

typedef struct heddle_inject_control {
  uint32_t protocol; /* HEDDLE_INJECT_PROTOCOL */
  uint32_t size;     /* sizeof(heddle_inject_control) as its writer was built */
  /* 0: every call is passed on. Otherwise a generation: a new number starts all counts anew. */
  uint32_t armed;
  uint32_t rule_count;
  heddle_inject_rule rules[HEDDLE_INJECT_MAXIMUM_RULES];
} heddle_inject_control;

/* The calling process's control block, valid until the process ends. Any thread. */
typedef heddle_inject_control* (*heddle_inject_control_function)(void);
#define HEDDLE_INJECT_CONTROL_SYMBOL "heddle_inject_control"

/* The environment variable that names a plan file. */
#define HEDDLE_INJECT_ENVIRONMENT "HEDDLE_INJECT"

#ifdef __cplusplus
}
#endif

#endif
