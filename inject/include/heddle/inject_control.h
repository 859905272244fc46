/* inject_control.h: the one contract between the preloaded shim and whoever steers it.
 *
 * The shim, `libheddle-inject.so`, wraps calls that may fail. On each of them it asks a control
 * block what shall become of the call. The control block is filled in one of two ways:
 *
 * - `heddle-inject` compiles a plan into a file that begins with a control block, and names the
 *   file in the environment variable HEDDLE_INJECT. The shim maps the file shared and keeps no
 *   descriptor. The driver reads from the file afterwards which rules fired. inject_record.h
 *   describes the rest of the file, and how a campaign is run.
 * - A program that steers itself finds a function with dlsym(RTLD_DEFAULT,
 *   "heddle_inject_control"), and calls it for the block of its own process. Without HEDDLE_INJECT
 *   the block starts empty and disarmed, and the shim only passes calls on.
 *
 * Whoever writes a block checks `protocol` and `size` first. Rules are written, and totals set to
 * zero, while the block is disarmed. `armed` is then stored with release order, and the shim reads
 * it with acquire order, so that it always sees whole rules.
 */
#ifndef HEDDLE_INJECT_CONTROL_H
#define HEDDLE_INJECT_CONTROL_H

#include <heddle/inject_calls.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  HEDDLE_INJECT_PROTOCOL = 6,
  HEDDLE_INJECT_MAXIMUM_RULES = 32,
  HEDDLE_INJECT_MAXIMUM_COMPARISONS = 4,
  /* Totals are spread by thread over so many shards, so that counting threads write to different
   * cache lines. A power of two. */
  HEDDLE_INJECT_SHARDS = 64
};

enum heddle_inject_action {
  /* The call is made; the rule only delays it, signals, or counts. */
  HEDDLE_INJECT_NOTHING = 0,
  /* The call is not made, and fails with `error` in its own way (inject_calls.h). */
  HEDDLE_INJECT_ERROR = 1,
  /* The call is not made, and returns `return_value`; errno stays. */
  HEDDLE_INJECT_RETURN = 2,
  /* Only for futex.wait: the call is not made, and returns 0 like a wait that was woken. */
  HEDDLE_INJECT_SPURIOUS = 3,
  /* Only for a program that steers itself: the thread is held just before the call until it is
   * released; then the call is made. See `held`. */
  HEDDLE_INJECT_GATE = 4
};

enum heddle_inject_count {
  HEDDLE_INJECT_COUNT_THREAD = 0, /* each thread counts its own calls, as in strace */
  HEDDLE_INJECT_COUNT_PROCESS = 1 /* one count, in order of arrival */
};

enum heddle_inject_rule_flag {
  /* Once the rule has fired, or an earlier rule has fired in its place, it fires on every later
   * call of that name, whatever its conditions say: the resource is gone for good. */
  HEDDLE_INJECT_STICKY = 1,
  /* Of the calls that are due, the rule fires only on those that can get the errno: see the table
   * of needs in inject_calls.h. */
  HEDDLE_INJECT_POSSIBLE = 2
};

enum heddle_inject_comparator {
  HEDDLE_INJECT_EQUAL = 0,
  HEDDLE_INJECT_NOT_EQUAL = 1,
  HEDDLE_INJECT_LESS = 2, /* all orders are unsigned */
  HEDDLE_INJECT_LESS_OR_EQUAL = 3,
  HEDDLE_INJECT_GREATER = 4,
  HEDDLE_INJECT_GREATER_OR_EQUAL = 5,
  HEDDLE_INJECT_ALL_BITS = 6, /* argument & value == value */
  HEDDLE_INJECT_ANY_BIT = 7   /* argument & value != 0 */
};

typedef struct heddle_inject_comparison {
  uint16_t argument;   /* 1 ... 6, as in arg1; 0: no comparison */
  uint16_t comparator; /* enum heddle_inject_comparator */
  uint32_t reserved;
  uint64_t value;
} heddle_inject_comparison;

/* A rule looks at the calls that meet all of its conditions, and counts them from 1, beginning when
 * the block is armed. It fires on the occurrences first, first + step, ... up to last; a step of 0
 * means the first alone. A condition that is zero, or an empty string, is always met. All strings
 * end with a zero byte. */
typedef struct heddle_inject_rule {
  uint32_t call;   /* enum heddle_inject_call */
  uint32_t number; /* SYSTEM_CALL: the system call's number; UINT32_MAX: any without a row */
  uint32_t action; /* enum heddle_inject_action */
  uint32_t flags;  /* enum heddle_inject_rule_flag, added up */

  /* When. */
  uint32_t count; /* enum heddle_inject_count */
  int32_t signal; /* sent to the calling thread just before the call; 0: none */
  uint64_t first, last, step;
  uint64_t times; /* fires at most this often, counted as `count` says; 0: no bound */
  /* Of the occurrences above, fires on this fraction of 2^64; 0: on all. The draw is a hash of
   * seed, thread path and the thread's own occurrence, so no order of arrival matters. */
  uint64_t chance;
  uint64_t seed;

  /* Where. */
  uint64_t stack;       /* hash of the call stack, as in a site of the record */
  uint64_t thread_path; /* heddle_inject_path_hash of the thread's path, such as "0.2" */
  char thread_name[16]; /* as the kernel has it, at most 15 bytes */
  char caller[64];      /* file name of the calling module, or that up to ".so" */
  char exe[64];         /* file name of the running program */
  heddle_inject_comparison comparisons[HEDDLE_INJECT_MAXIMUM_COMPARISONS];

  /* What. */
  int32_t error; /* errno value */
  uint32_t reserved;
  int64_t return_value;
  uint64_t delay_enter, delay_exit; /* nanoseconds, before and after the call */

  /* The gate: two futex words, both used without FUTEX_PRIVATE_FLAG. The shim counts in `held` the
   * threads that have reached the gate, and wakes the word each time. The steering side adds one to
   * `released` for each thread that may go on, and wakes all waiters. The n-th thread to be held
   * goes on when `released` is at least n; UINT32_MAX opens the gate for good. */
  uint32_t held;
  uint32_t released;
  uint32_t stuck; /* 1: the rule is STICKY and has fired; written by the shim, atomically */
  uint32_t reserved_too;
} heddle_inject_rule;

/* One shard of the totals; a rule's totals are the sums over the shards. */
typedef struct heddle_inject_totals {
  struct {
    uint64_t reached; /* calls that the rule has looked at */
    uint64_t fired;   /* how many of them it has fired on */
  } rules[HEDDLE_INJECT_MAXIMUM_RULES];
  /* Calls of each row that were made and that a program would miss: calls that only ask, or give
   * something back, do not count. Counted only with HEDDLE_INJECT_COUNT_CALLS. */
  uint64_t calls[HEDDLE_INJECT_CALLS];
} __attribute__((aligned(128))) heddle_inject_totals;

enum heddle_inject_block_flag {
  HEDDLE_INJECT_RAW = 1,           /* start the raw layer; read once, at start-up */
  HEDDLE_INJECT_LIBUNWIND = 2,     /* walk call stacks by libunwind; read once, at start-up */
  HEDDLE_INJECT_COUNT_CALLS = 4,   /* fill totals.calls */
  HEDDLE_INJECT_RECORD = 8,        /* fill the record of inject_record.h */
  HEDDLE_INJECT_OBSERVE_EXIT = 16, /* fill the record's exit state when the process ends */
  HEDDLE_INJECT_SERVE = 32,        /* be a fork server; read once, at start-up */
  /* Only a process that Valgrind runs is the fork server, not the programs that start Valgrind. */
  HEDDLE_INJECT_SERVE_IN_VALGRIND = 64
};

/* Why the program may have made calls that the shim has not seen. */
enum heddle_inject_unseen_kind {
  HEDDLE_INJECT_UNSEEN_EARLY = 0,       /* calls that came before the shim was initialised */
  HEDDLE_INJECT_UNSEEN_STATIC = 1,      /* executed programs that are statically linked */
  HEDDLE_INJECT_UNSEEN_PRIVILEGED = 2,  /* executed programs that ignore LD_PRELOAD (set-uid) */
  HEDDLE_INJECT_UNSEEN_ENVIRONMENT = 3, /* executed programs whose environment lacks the shim */
  HEDDLE_INJECT_UNSEEN_THREADS = 4,     /* calls of threads whose creation the shim has not seen */
  HEDDLE_INJECT_UNSEEN_KINDS = 5
};

/* What the shim knows of one kind; written atomically. */
typedef struct heddle_inject_unseen {
  uint64_t count;
  char example[120]; /* the first program, as the call named it; may be empty */
} heddle_inject_unseen;

typedef struct heddle_inject_control {
  uint32_t protocol; /* HEDDLE_INJECT_PROTOCOL */
  uint32_t size;     /* sizeof(heddle_inject_control) as its writer was built */
  /* 0: every call is passed on. Otherwise a generation: a new number starts all counts anew. */
  uint32_t armed;
  uint32_t rule_count;
  uint32_t flags; /* enum heddle_inject_block_flag, added up */
  uint32_t reserved;
  uint64_t record_offset; /* of the heddle_inject_record in the plan file; 0: no record */
  heddle_inject_rule rules[HEDDLE_INJECT_MAXIMUM_RULES];
  heddle_inject_unseen unseen[HEDDLE_INJECT_UNSEEN_KINDS];
  heddle_inject_totals totals[HEDDLE_INJECT_SHARDS];
} heddle_inject_control;

/* Returns the calling process's control block, valid until the process ends. Any thread. */
typedef heddle_inject_control* (*heddle_inject_control_function)(void);
#define HEDDLE_INJECT_CONTROL_SYMBOL "heddle_inject_control"

/* Returns the calling thread's own switch: while it is not 0, both layers pass the thread's calls
 * on and do not count them. Meant for the steering side's own waiting and logging. Valid until the
 * thread ends; only that thread may write to it. */
typedef uint32_t* (*heddle_inject_pass_through_function)(void);
#define HEDDLE_INJECT_PASS_THROUGH_SYMBOL "heddle_inject_pass_through"

/* The environment variable that names a plan file. */
#define HEDDLE_INJECT_ENVIRONMENT "HEDDLE_INJECT"

/* Hashes a thread's path by FNV-1a, 64 bits. The path says how the thread came to be: "0" is the
 * main thread of the program that was started, "0.2" the second thread that "0" has created,
 * "0.2.1" the first thread that "0.2" has created, and "0.f1" the main thread of the first process
 * that "0" has forked. So a path is the same in whatever order threads run. "?" is the path of
 * threads whose creation the shim has not seen. */
static inline uint64_t heddle_inject_path_hash(const char* path) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (; *path != '\0'; ++path) {
    hash = (hash ^ (*path & 0xff)) * UINT64_C(1099511628211);
  }
  return hash;
}

/* Returns how many calls a rule has looked at so far. Relaxed: totals stand alone. */
static inline uint64_t heddle_inject_reached(const heddle_inject_control* control, uint32_t rule) {
  uint64_t sum = 0;
  for (uint32_t shard = 0; shard < HEDDLE_INJECT_SHARDS; ++shard) {
    sum += __atomic_load_n(&control->totals[shard].rules[rule].reached, __ATOMIC_RELAXED);
  }
  return sum;
}

/* Returns how often a rule has fired so far. */
static inline uint64_t heddle_inject_fired(const heddle_inject_control* control, uint32_t rule) {
  uint64_t sum = 0;
  for (uint32_t shard = 0; shard < HEDDLE_INJECT_SHARDS; ++shard) {
    sum += __atomic_load_n(&control->totals[shard].rules[rule].fired, __ATOMIC_RELAXED);
  }
  return sum;
}

#ifdef __cplusplus
}
#endif

#endif
