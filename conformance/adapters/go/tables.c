/* The tables of the subject, which refer to the functions that goroutines.go exports. */
#include <heddle/subject.h>
#include <stddef.h>

#include "_cgo_export.h"

/* The builder is null, since goroutines take neither a name nor a stack size. */
static void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
                  heddle_outcome* out) {
  (void)builder;
  spawnGoroutine(body, env, out);
}

static const heddle_spawning spawning = {
    .size = sizeof spawning,
    .flags = HEDDLE_CARRIES_VALUE | HEDDLE_CARRIES_PANIC,
    .spawn = spawn,
    .join = joinGoroutine,
    .detach = detachGoroutine,
    .is_finished = goroutineIsFinished,
};

/* time.Sleep "pauses the current goroutine for at least the duration". */
static const heddle_pausing pausing = {
    .size = sizeof pausing,
    .flags = HEDDLE_SLEEPS_WHOLE,
    .sleep = sleepAtLeast,
    .yield = yieldProcessor,
};

/* "The return value of recover is the value that was passed to the call of panic." */
static const heddle_panics panics = {
    .size = sizeof panics,
    .flags = HEDDLE_TYPED_PAYLOADS,
    .catch_unwind = catchPanic,
};

static heddle_subject_table table = {
    .major = HEDDLE_ABI_MAJOR,
    .minor = HEDDLE_ABI_MINOR,
    .size = sizeof table,
    .outcome_size = sizeof(heddle_outcome),
    .flags = HEDDLE_KERNEL_THREADS_STAY | HEDDLE_COLLECTS_GARBAGE,
    .name = "goroutines",
    .profile = "",
    .spawning = &spawning,
    .pausing = &pausing,
    .panics = &panics,
};

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  if (host->major != HEDDLE_ABI_MAJOR) {
    return NULL;
  }
  table.version = enterSubject((heddle_host*)host);
  return &table;
}
