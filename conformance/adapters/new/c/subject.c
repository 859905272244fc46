/* A subject for heddle-conform. It judges pthreads: put your runtime in their place.
 * heddle/subject.h says what each function of a table does, and the rules that all of them keep. */
#include <heddle/subject.h>
#include <pthread.h>
#include <stdlib.h>

static const heddle_host* suite;

/* ---- Values and bodies: the same in every adapter in C ------------------------------------------
 */

/* A value of the suite's dies here, unless it was handed back. */
static void drop(heddle_cookie cookie) {
  heddle_outcome ignored = {0};
  if (cookie != 0) {
    suite->dropped(cookie, &cookie, &ignored);
  }
}

/* Runs a body of the suite's. What it captured dies when it has ended. Returns its value. */
static heddle_cookie run(heddle_body body, heddle_cookie env, void* argument) {
  heddle_outcome ending = {0};
  heddle_cookie value;
  body(env, argument, &ending);
  value = ending.value;
  if (ending.tag == HEDDLE_ENTER) {
    value = run(ending.next, ending.next_env, argument);
    drop(ending.value);
  }
  drop(env);
  return value;
}

/* ---- Spawning and joining: your runtime's -------------------------------------------------------
 */

/* What a join handle points to. */
struct thread {
  pthread_t native;
  heddle_body body;
  heddle_cookie env;
  heddle_cookie value; /* what the body returned */
};

static void* thread_main(void* argument) {
  struct thread* const thread = argument;
  thread->value = run(thread->body, thread->env, NULL);
  return NULL;
}

static void fail(int error, heddle_outcome* out) {
  out->tag = HEDDLE_FAILED;
  out->os_error = error;
}

/* The builder is null, since no flag below says that this runtime takes names or stack sizes. */
static void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
                  heddle_outcome* out) {
  struct thread* const thread = calloc(1, sizeof *thread);
  int error;
  (void)builder;
  if (thread == NULL) {
    abort();
  }
  thread->body = body;
  thread->env = env;
  error = pthread_create(&thread->native, NULL, thread_main, thread);
  if (error != 0) {
    free(thread);
    drop(env); /* a call that fails has dropped what it was given */
    fail(error, out);
    return;
  }
  out->handle = thread;
}

static void join(void* handle, heddle_outcome* out) {
  struct thread* const thread = handle;
  const int error = pthread_join(thread->native, NULL);
  if (error != 0) {
    fail(error, out); /* the thread may still run, and keeps its memory */
    return;
  }
  out->value = thread->value; /* the suite's again */
  free(thread);
}

/* ---- Next: fill these in, and name them in the tables below -------------------------------------

Eats the join handle; the thread runs on. Whoever is last, this or the thread, drops the value and
frees the memory.

static void detach(void *handle, heddle_outcome *out) {
}

Writes 1 to out->value if the thread's body has ended. Never blocks.

static void is_finished(void *handle, heddle_outcome *out) {
}

Lets other threads run. It belongs to a table of its own:
static const heddle_pausing pausing = {.size = sizeof pausing, .yield = yield};

static void yield(heddle_outcome *out) {
}

------------------------------------------------------------------------------------------------- */

static const heddle_spawning spawning = {
    .size = sizeof spawning,
    /* What the runtime promises: its documentation must say so. */
    .flags = HEDDLE_CARRIES_VALUE | HEDDLE_REPORTS_ERRNO,
    .spawn = spawn,
    .join = join,
};

/* What is left out is not offered, and its clauses do not apply. */
static const heddle_subject_table table = {
    .major = HEDDLE_ABI_MAJOR,
    .minor = HEDDLE_ABI_MINOR,
    .size = sizeof table,
    .outcome_size = sizeof(heddle_outcome),
    .name = "my runtime",
    .version = "0",
    .profile = "",
    .spawning = &spawning,
};

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  suite = host;
  return host->major == HEDDLE_ABI_MAJOR ? &table : NULL;
}
