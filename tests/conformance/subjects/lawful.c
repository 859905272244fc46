/* Runtimes that keep every promise of the interface, each in a way of its own (RUNTIME), and one
 * that only seems to. None knows of the flags that say more, but for those that are named so. */
#define slots /* as Qt does: the header is none the worse for it */
#include <heddle/subject.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
  without_errno, /* says that a spawn was refused, but not why */
  tries_again,   /* asks the system again when it refuses a thread */
  runs_inline,   /* runs a body on its spawner when the system refuses a thread */
  keeps_threads, /* its kernel threads wait for the next body */
  keeps_threads_and_says_so,
  collects_garbage, /* says so: it does not really */
  reuses_ids,       /* an id is an address, free again after join */
  fills_a_cache,    /* keeps a block for each of its first threads, and no more from then on */
  fills_a_mapping,  /* the same, and mapped memory alone leads to them */
  pretends_to_start /* unlawful: hands out a handle of a thread that never was */
};

#define KEEPS_THREADS (RUNTIME == keeps_threads || RUNTIME == keeps_threads_and_says_so)

struct thread {
  heddle_body body;
  heddle_cookie env;
  pthread_t native;
  uint64_t id;
  int references;
  int done;
  int joinable;
};

static const heddle_host* suite;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct thread* waiting; /* a thread of the pool's, for the worker that takes it */
static int idle_workers;
static _Thread_local struct thread* self;

static void drop(heddle_cookie cookie) {
  heddle_outcome ignored = {0};
  if (cookie != 0) {
    suite->dropped(cookie, &cookie, &ignored);
  }
}

static void release(struct thread* thread) {
  pthread_mutex_lock(&mutex);
  const int left = --thread->references;
  pthread_mutex_unlock(&mutex);
  if (left == 0) {
    free(thread);
  }
}

static struct thread* hold(struct thread* thread) {
  pthread_mutex_lock(&mutex);
  ++thread->references;
  pthread_mutex_unlock(&mutex);
  return thread;
}

static void run(struct thread* thread) {
  struct thread* const outer = self;
  heddle_outcome outcome = {0};
  self = thread;
  thread->body(thread->env, NULL, &outcome);
  drop(thread->env);
  drop(outcome.value);
  self = outer;
  pthread_mutex_lock(&mutex);
  thread->done = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  release(thread);
}

static void* run_one(void* thread) {
  run(thread);
  return NULL;
}

static void* run_for_ever(void* first) {
  run(first);
  for (;;) {
    pthread_mutex_lock(&mutex);
    ++idle_workers;
    while (waiting == NULL) {
      pthread_cond_wait(&changed, &mutex);
    }
    struct thread* const next = waiting;
    waiting = NULL;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    run(next);
  }
  return NULL;
}

/* Whether a worker of the pool's takes the thread. */
static int hand_over(struct thread* thread) {
  pthread_mutex_lock(&mutex);
  const int taken = idle_workers > 0;
  if (taken) {
    --idle_workers;
    while (waiting != NULL) {
      pthread_cond_wait(&changed, &mutex);
    }
    waiting = thread;
    pthread_cond_broadcast(&changed);
  }
  pthread_mutex_unlock(&mutex);
  return taken;
}

static int start(struct thread* thread) {
  const int attempts = RUNTIME == tries_again ? 8 : 1;
  int error = 0;
  if (KEEPS_THREADS && hand_over(thread)) {
    return 0;
  }
  for (int attempt = 0; attempt < attempts; ++attempt) {
    error = pthread_create(&thread->native, NULL, KEEPS_THREADS ? run_for_ever : run_one, thread);
    if (error == 0) {
      thread->joinable = !KEEPS_THREADS;
      if (KEEPS_THREADS) {
        pthread_detach(thread->native);
      }
      return 0;
    }
  }
  if (RUNTIME == runs_inline) {
    run(thread);
    return 0;
  }
  return RUNTIME == pretends_to_start ? 0 : error;
}

static void fill_cache(void) {
  enum { capacity = 700 };
  static void* volatile variable[capacity];
  static void* volatile* cache = variable;
  static int filled;
  pthread_mutex_lock(&mutex);
  if (RUNTIME == fills_a_mapping && cache == variable) {
    cache = mmap(NULL, sizeof variable, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (cache == MAP_FAILED) {
      abort();
    }
  }
  if (filled < capacity) {
    cache[filled++] = malloc(64);
  }
  pthread_mutex_unlock(&mutex);
}

static void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
                  heddle_outcome* out) {
  static uint64_t last_id = 1;
  struct thread* const thread = calloc(1, sizeof *thread);
  (void)builder;
  if (thread == NULL) {
    abort();
  }
  if (RUNTIME == fills_a_cache || RUNTIME == fills_a_mapping) {
    fill_cache();
  }
  thread->body = body;
  thread->env = env;
  thread->references = 2; /* the join handle's and the thread's own */
  pthread_mutex_lock(&mutex);
  thread->id = RUNTIME == reuses_ids ? (uint64_t)(uintptr_t)thread : ++last_id;
  pthread_mutex_unlock(&mutex);
  if (start(thread) != 0) {
    free(thread);
    drop(env);
    out->tag = HEDDLE_FAILED;
    return;
  }
  out->handle = thread;
}

static void join(void* handle, heddle_outcome* out) {
  struct thread* const thread = handle;
  (void)out;
  pthread_mutex_lock(&mutex);
  while (!thread->done) {
    pthread_cond_wait(&changed, &mutex);
  }
  pthread_mutex_unlock(&mutex);
  if (thread->joinable) {
    pthread_join(thread->native, NULL);
  }
  release(thread);
}

static void detach(void* handle, heddle_outcome* out) {
  struct thread* const thread = handle;
  (void)out;
  if (thread->joinable) {
    pthread_detach(thread->native);
  }
  release(thread);
}

static void same(void* handle, heddle_outcome* out) {
  out->handle = hold(handle);
}

static void current(heddle_outcome* out) {
  static struct thread main_thread = {.id = 1, .references = 1};
  out->handle = hold(self != NULL ? self : &main_thread);
}

static void drop_handle(void* handle, heddle_outcome* out) {
  (void)out;
  release(handle);
}

static void id(void* handle, heddle_outcome* out) {
  out->value = ((struct thread*)handle)->id;
}

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  static const heddle_spawning spawning = {
      .size = sizeof spawning, .spawn = spawn, .join = join, .detach = detach, .thread = same};
  static const heddle_threads threads = {
      .size = sizeof threads, .current = current, .clone = same, .drop = drop_handle, .id = id};
  static const heddle_subject_table table = {
      .major = HEDDLE_ABI_MAJOR,
      .minor = HEDDLE_ABI_MINOR,
      .size = sizeof table,
      .outcome_size = sizeof(heddle_outcome),
      .name = "lawful",
      .version = "",
      .profile = "",
      .flags = RUNTIME == keeps_threads_and_says_so ? HEDDLE_KERNEL_THREADS_STAY
               : RUNTIME == collects_garbage        ? HEDDLE_COLLECTS_GARBAGE
                                                    : 0,
      .spawning = &spawning,
      .threads = &threads};
  suite = host;
  return &table;
}
