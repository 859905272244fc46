/* Raw POSIX threads as a subject: spawn and join, and nothing else. MISBEHAVES chooses what the
 * join does wrong, so that the tests can see each verdict. */
#include <heddle/subject.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <valgrind/valgrind.h>

enum {
  in_nothing,
  by_crashing,
  by_aborting,
  by_hanging,
  by_exiting,
  by_dropping_twice,
  by_never_running,
  by_crashing_sometimes,
  by_crashing_once,
  by_reporting_a_race,
  by_reporting_a_race_untold,
  by_complaining_on_two_threads,
  with_threads_of_its_own,
  by_saying_why_it_dies,
  by_ending_with_3,
  by_running_inline,
  by_spinning,
  by_losing_memory,
  by_losing_memory_when_refused,
  by_losing_memory_when_loaded,
  by_reading_freed_memory,
  by_aborting_under_valgrind,
  without_detach,
  without_join,
  of_a_profile,
  as_declared
};

/* What hostile.c adds to a subject that is built with it. */
__attribute__((weak)) void be_hostile(void);

static const heddle_host* suite;

/* How many joins there were in all cases: they share what was mapped before they were forked. */
static atomic_int* joins;

struct start {
  heddle_body body;
  heddle_cookie env;
};

static void drop(heddle_cookie cookie) {
  heddle_outcome ignored = {0};
  if (cookie != 0) {
    suite->dropped(cookie, &cookie, &ignored);
  }
}

static void* run(void* argument) {
  struct start start = *(struct start*)argument;
  heddle_outcome outcome = {0};
  free(argument);
  if (MISBEHAVES != by_never_running) {
    start.body(start.env, NULL, &outcome);
  }
  drop(start.env);
  if (MISBEHAVES == by_dropping_twice) {
    drop(start.env);
  }
  drop(outcome.value); /* pthreads carry a pointer, not an owned value */
  return NULL;
}

static void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
                  heddle_outcome* out) {
  struct start* start = malloc(sizeof *start);
  pthread_t* thread = malloc(sizeof *thread);
  int error;
  (void)builder;
  while (MISBEHAVES == by_spinning) {
  }
  if (start == NULL || thread == NULL) {
    abort();
  }
  *start = (struct start){body, env};
  if (MISBEHAVES == by_running_inline) {
    run(start);
    out->handle = thread;
    return;
  }
  error = pthread_create(thread, NULL, run, start);
  if (error != 0) {
    free(start);
    if (MISBEHAVES != by_losing_memory_when_refused) {
      free(thread);
    }
    drop(env);
    out->tag = HEDDLE_FAILED;
    out->os_error = error;
    return;
  }
  out->handle = thread;
}

/* With system calls, so that nothing but the kernel keeps the lines of two threads apart. */
static void* complain(void* line) {
  for (int time = 0; time < 2000; ++time) {
    if (write(STDERR_FILENO, line, strlen(line)) < 0) {
      break;
    }
  }
  return NULL;
}

static void complain_on_two_threads(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, complain, "a short line\n") == 0) {
    complain("a line that is longer\n");
    pthread_join(thread, NULL);
  }
  abort();
}

static void misbehave(void) {
  if (be_hostile != NULL) {
    be_hostile();
  }
  switch (MISBEHAVES) {
    case by_crashing:
      raise(SIGSEGV);
      break;
    case by_aborting_under_valgrind:
      if (RUNNING_ON_VALGRIND) {
        abort();
      }
      break;
    case by_aborting:
      abort();
    case by_hanging:
      for (;;) {
        pause();
      }
    case by_exiting:
      exit(3);
    case by_crashing_sometimes:
      if (getpid() % 2 == 0) {
        raise(SIGSEGV);
      }
      break;
    case by_crashing_once:
      if (atomic_fetch_add(joins, 1) == 0) {
        raise(SIGSEGV);
      }
      break;
    case by_ending_with_3:
      _exit(3);
    case by_saying_why_it_dies:
      fputs("FATAL: exception not rethrown\n", stderr);
      abort();
    case by_complaining_on_two_threads:
      complain_on_two_threads();
      break;
    case by_reporting_a_race:
    case by_reporting_a_race_untold:
      fputs("WARNING: ThreadSanitizer: data race (pid=1)\n", stderr);
      break;
    default:
      break;
  }
}

static volatile char seen;
static void* volatile lost;

static void join(void* handle, heddle_outcome* out) {
  (void)out;
  if (MISBEHAVES != by_running_inline) {
    pthread_join(*(pthread_t*)handle, NULL);
  }
  if (MISBEHAVES != by_losing_memory) {
    free(handle);
  }
  if (MISBEHAVES == by_reading_freed_memory) {
    seen = *(volatile char*)handle;
  }
  misbehave();
}

static void detach(void* handle, heddle_outcome* out) {
  (void)out;
  pthread_detach(*(pthread_t*)handle);
  free(handle);
}

static void* idle(void* nothing) {
  for (;;) {
    pause();
  }
  return nothing;
}

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  static const heddle_spawning spawning = {.size = sizeof spawning,
                                           .spawn = spawn,
                                           .join = MISBEHAVES == without_join ? NULL : join,
                                           .detach = MISBEHAVES == without_detach ? NULL : detach};
  static const heddle_deviation deviation = {"JOIN-049", "pthread_exit is nobody's fault here"};
  static const heddle_subject_table table = {
      .major = HEDDLE_ABI_MAJOR,
      .minor = HEDDLE_ABI_MINOR,
      .size = sizeof table,
      .outcome_size = sizeof(heddle_outcome),
      .name = "pthreads",
      .version = "",
      .profile = MISBEHAVES == of_a_profile || MISBEHAVES == as_declared ||
                         MISBEHAVES == by_saying_why_it_dies || MISBEHAVES == by_ending_with_3
                     ? "rust-1.63"
                     : "",
      .deviations = &deviation,
      .deviation_count = MISBEHAVES == as_declared ? 1 : 0,
      .flags = MISBEHAVES == by_reporting_a_race ? HEDDLE_BUILT_WITH_TSAN : 0,
      .spawning = &spawning};
  suite = host;
  joins = mmap(NULL, sizeof *joins, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (joins == MAP_FAILED) {
    abort();
  }
  if (MISBEHAVES == by_losing_memory_when_loaded) {
    lost = malloc(1000);
    lost = NULL;
  }
  if (MISBEHAVES == with_threads_of_its_own) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, idle, NULL) != 0) {
      abort();
    }
  }
  return &table;
}
