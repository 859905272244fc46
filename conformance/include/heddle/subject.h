/* subject.h: what a thread runtime fills in so that Heddle can judge it.
 *
 * A subject is a shared object that exports `heddle_subject`, or a program whose main calls
 * `heddle_conform_main`. Either way it hands out one table of functions and data, written in any
 * language that can speak the C ABI of Linux on the processor it runs on (the psABI of x86-64, or
 * AAPCS64). `conformance/README.md` builds one step by step.
 *
 * The rules that every function of every table keeps:
 *
 * 1. Nothing unwinds across this line, in either direction. Two exceptions, both out of a body
 *    only: a forced unwind (pthread_exit, cancellation), and a foreign exception that a clause
 *    throws on purpose. So do not make the call of a body `noexcept`; in Rust, bodies are
 *    `extern "C-unwind"`.
 * 2. A call ends in a `heddle_outcome`, which the caller owns and has zeroed. All zero means
 *    "returned nothing". The callee writes it last, after whatever it had to drop.
 * 3. A cookie is a value of the suite. The subject wraps it in a type of its own language, whose
 *    destructor calls `heddle_host.dropped`. A cookie that entered the subject either comes out
 *    again in an outcome (moved: it is the suite's once more, and is not reported as dropped), or
 *    dies inside and is reported once. 0 is no cookie and is never reported. A call that fails has
 *    dropped every cookie that it was given before it returns.
 * 4. Handles are opaque pointers. A function that "eats" its handle leaves none behind, even when
 *    it fails. A handle that comes out is one reference, the suite's to give back.
 * 5. Unless its comment says otherwise, a function may be called by any thread (even one that the
 *    runtime did not start), from several threads at once, and from inside bodies, initialisers,
 *    the panic hook and `dropped`. So no lock and no borrow is held while the suite is called.
 * 6. `heddle_host` and all that it points to stay valid until the process is gone: drops still
 *    arrive during exit().
 * 7. Text is UTF-8, pointer and length, not terminated. The suite's text is static. A subject's
 *    text has gone through `heddle_host.keep_text`, so that nobody frees across the line.
 * 8. A null sub-table, or a null function in it, means "not offered": what needs it is reported as
 *    not applicable. A table is read up to its own `size`; what lies beyond is null.
 * 9. Times are (seconds, nanoseconds), the latter below 1,000,000,000. The subject clamps a time
 *    that its own types cannot hold, and rounds up a time for which they are too coarse.
 * 10. A *thread* is a flow of control that runs one body. It need not be a kernel thread:
 *    a pool's worker and a goroutine will do. But bodies block, so each needs a kernel thread to
 *    itself while it runs, from its beginning to its end, and what it captured dies there. A
 *    runtime that moves its threads between those of the kernel pins them for that time.
 * 11. Loading (constructors, then `heddle_subject`) may allocate, read files and keep descriptors
 *    open: each case is a fork of the process that did it. Threads do not survive a fork, so a
 *    subject that starts some as it is loaded is loaded anew in each case, which takes longer.
 */
#ifndef HEDDLE_SUBJECT_H
#define HEDDLE_SUBJECT_H

#include <stddef.h>
#include <stdint.h>

/* Qt defines `slots` as a macro unless QT_NO_KEYWORDS is defined. Here it names a field, so the
 * macro is set aside, and restored at the end of this header. */
#pragma push_macro("slots")
#undef slots

/* Plug-ins are built with hidden visibility, so that their symbols cannot clash with others. */
#define HEDDLE_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

enum {
  HEDDLE_ABI_MAJOR = 1, /* if it differs, the tables do not fit */
  HEDDLE_ABI_MINOR = 0, /* grows when a table gets a longer tail */
  HEDDLE_MAXIMUM_SLOTS = 8
};

/* ---- Values and outcomes ------------------------------------------------------------------- */
typedef uint64_t heddle_cookie;
typedef struct heddle_outcome heddle_outcome;

/* A body: a closure of the suite's, to be run once by the subject. `env` is what the closure has
 * captured: wrap it whole, move it with the closure to where the body runs, and drop it there when
 * the body has ended, by return or by unwinding, inside the catch, thread, scope or access that ran
 * it (as Rust's FnOnce does). `argument` is the scope for scope bodies, the address of the value
 * for accesses to thread locals, otherwise null. The body writes to `out` how it wants to end;
 * the adapter then does so, with its own language's means. */
typedef void (*heddle_body)(heddle_cookie env, void *argument, heddle_outcome *out);

enum heddle_tag {
  /* Value: `value` (a cookie, a number or a flag, as the function says) and `handle`. */
  HEDDLE_RETURNED = 0,
  /* From the suite: start a panic with this payload; the hook runs.
   * From the subject: this very call panicked on its caller. */
  HEDDLE_PANICKED = 1,
  /* From the suite only: as PANICKED, without running the hook (resume_unwind). */
  HEDDLE_RESUMED = 2,
  /* From a body only: make a local object of the cookie in `value`, and run the body `next` with
   * `next_env` below it, with the same `argument`. Its outcome becomes this body's outcome; the
   * local is dropped on the way out. This gives the subject's unwinder something to drop. */
  HEDDLE_ENTER = 3,
  /* From the subject: refused. `os_error` is the errno, or 0 if there is none; `text` explains. */
  HEDDLE_FAILED = 4,
  /* From the subject: the thread local is being, or has been, destroyed on this thread. */
  HEDDLE_NO_ACCESS = 5,
  /* From the subject, join and catch only: the panic that the thread or the body ended with. */
  HEDDLE_CAUGHT = 6,
  /* From the subject, join only: the thread ended without a result (pthread_exit in its body). */
  HEDDLE_ABSENT = 7
};

/* What a panic carries: PANICKED, RESUMED and CAUGHT have one. */
enum heddle_payload {
  HEDDLE_PAYLOAD_OPAQUE = 0,  /* an object that owns the cookie in `value` */
  HEDDLE_PAYLOAD_LITERAL = 1, /* static text: Rust's &'static str */
  HEDDLE_PAYLOAD_STRING = 2,  /* text that the payload owns: Rust's String */
  HEDDLE_PAYLOAD_FOREIGN = 3  /* from the subject only: of another type; the subject drops it */
};

struct heddle_outcome {
  uint32_t tag;     /* enum heddle_tag */
  uint32_t payload; /* enum heddle_payload */
  int32_t os_error; /* errno of a FAILED, or 0 */
  uint32_t reserved;
  uint64_t value;
  void *handle;
  const char *text;
  size_t text_length; /* bytes */
  heddle_body next;   /* of an ENTER */
  heddle_cookie next_env;
};

/* ---- What the suite offers ----------------------------------------------------------------- */
typedef struct heddle_host {
  uint32_t major, minor;
  size_t size;         /* of this table, bytes */
  size_t outcome_size; /* sizeof(heddle_outcome) as the suite was built */

  /* The object that owns `cookie` is being destroyed on the calling thread; `object` is its
   * address. The outcome may ask for a panic (PANICKED or RESUMED): the destructor raises it.
   * Never ENTER. */
  void (*dropped)(heddle_cookie cookie, const void *object, heddle_outcome *out);

  /* The initialiser of a lazy thread-local slot. RETURNED with a cookie, or a panic. */
  void (*tls_initial)(uint32_t storage, uint32_t slot, heddle_outcome *out);

  /* The panic hook while it is set (heddle_panics.set_hook): called with the panic's message on
   * the panicking thread. May ask for a panic. */
  void (*hook)(const char *text, size_t text_length, heddle_outcome *out);

  /* The destructor of a static key's value; libc calls it, so it cannot panic. */
  void (*key_destructor)(uint32_t slot, void *value);

  /* Copies a subject's text into memory that stays until the process ends. */
  const char *(*keep_text)(const char *text, size_t text_length);
} heddle_host;

/* ---- Shapes that the tables share ---------------------------------------------------------- */
typedef void (*heddle_call)(heddle_outcome *out);
typedef void (*heddle_handle_call)(void *handle, heddle_outcome *out);

enum heddle_setting_kind {
  HEDDLE_SETTING_NAME = 1,      /* `text`, and its length in bytes in `number` */
  HEDDLE_SETTING_STACK_SIZE = 2 /* `number`: bytes */
};

typedef struct heddle_setting {
  uint32_t kind; /* enum heddle_setting_kind */
  uint32_t reserved;
  const char *text;
  uint64_t number;
} heddle_setting;

/* Settings of a thread to be spawned, to be applied in order; a null builder means the defaults. */
typedef struct heddle_builder {
  size_t count;
  const heddle_setting *settings;
} heddle_builder;

/* ---- Spawning ------------------------------------------------------------------------------ */
enum heddle_spawning_flag {
  /* The runtime carries a body's value to the joiner. Without it, join returns value 0, and the
   * value's cookie dies on the thread. */
  HEDDLE_CARRIES_VALUE = 1,
  /* The runtime carries a body's panic to the joiner. Without it no thread body is asked to
   * panic. */
  HEDDLE_CARRIES_PANIC = 2,
  /* The builder honours HEDDLE_SETTING_NAME; without it spawn is never asked for a name. */
  HEDDLE_TAKES_NAME = 4,
  /* The builder honours HEDDLE_SETTING_STACK_SIZE; without it spawn is never asked for a size. */
  HEDDLE_TAKES_STACK_SIZE = 8,
  /* A FAILED has the errno that the system refused with. Without it os_error may be 0, or an
   * errno of the runtime's own. */
  HEDDLE_REPORTS_ERRNO = 16,
  /* Names of any length and in any letters come back whole. Without it spawn is asked for names of
   * at most 15 bytes of ASCII. */
  HEDDLE_TAKES_ANY_NAME = 32,
  /* join returns after the destructors of the thread's locals. Without it they may come later. */
  HEDDLE_JOIN_AWAITS_LOCALS = 64
};

typedef struct heddle_spawning {
  size_t size;
  uint64_t flags; /* enum heddle_spawning_flag */

  /* Starts a thread that runs `body`. RETURNED: `handle` is a join handle, even when the system
   * refused at first and the runtime found a way. FAILED: the system refused. PANICKED: the call
   * refused by panicking (a name with an interior NUL). */
  void (*spawn)(const heddle_builder *builder, heddle_body body, heddle_cookie env,
                heddle_outcome *out);

  /* The form of spawn that panics when the system refuses: RETURNED or PANICKED. */
  void (*spawn_or_panic)(heddle_body body, heddle_cookie env, heddle_outcome *out);

  /* Eats the join handle and waits for the thread. RETURNED: `value` is the body's cookie. CAUGHT:
   * the panic that ended it. ABSENT: it left neither. PANICKED or FAILED: join itself went
   * wrong. */
  heddle_handle_call join;

  /* Eats the join handle as its destructor does: the thread runs on. */
  heddle_handle_call detach;

  /* Eats the join handle without running its destructor (Rust's mem::forget). */
  heddle_handle_call forget;

  /* RETURNED, `value` 1: the body has ended. Never blocks. */
  heddle_handle_call is_finished;

  /* RETURNED: `handle` is a thread handle. The join handle stays. */
  heddle_handle_call thread;

  /* RETURNED: `value` is the pthread_t, still the runtime's. The join handle stays. */
  heddle_handle_call as_native;

  /* Eats the join handle. RETURNED: `value` is the pthread_t, now the suite's to join. */
  heddle_handle_call into_native;
} heddle_spawning;

/* ---- Thread handles ------------------------------------------------------------------------ */
enum heddle_threads_flag {
  /* No two threads of the process ever have the same id, and none has 0. Without it an id tells
   * apart only threads that are alive at the same time. */
  HEDDLE_UNIQUE_IDS = 1
};

typedef struct heddle_threads {
  size_t size;
  uint64_t flags; /* enum heddle_threads_flag */
  /* RETURNED: `handle` is a thread handle of the calling thread. PANICKED: it is too late. */
  heddle_call current;
  heddle_handle_call clone; /* RETURNED: a second `handle` of the same thread */
  heddle_handle_call drop;  /* eats */
  heddle_handle_call id;    /* RETURNED: `value` identifies the thread within the process */
  /* RETURNED: `value` 1 and the name in `text`, or `value` 0 for a thread without one. */
  heddle_handle_call name;
  heddle_handle_call unpark; /* RETURNED; never blocks */
} heddle_threads;

/* ---- Parking ------------------------------------------------------------------------------- */
typedef struct heddle_parking {
  size_t size;
  uint64_t flags; /* none yet */
  heddle_call park;
  void (*park_timeout)(uint64_t seconds, uint32_t nanoseconds, heddle_outcome *out);
} heddle_parking;

/* ---- Sleeping and yielding ----------------------------------------------------------------- */
enum heddle_pausing_flag {
  /* A sleep lasts as long as was asked, whatever signals come. Without it a signal may end it, and
   * a coarse clock may shorten it. */
  HEDDLE_SLEEPS_WHOLE = 1
};

typedef struct heddle_pausing {
  size_t size;
  uint64_t flags; /* enum heddle_pausing_flag */
  void (*sleep)(uint64_t seconds, uint32_t nanoseconds, heddle_outcome *out);
  heddle_call yield;
} heddle_pausing;

/* ---- Scopes -------------------------------------------------------------------------------- */
enum heddle_scopes_flag {
  /* A panic of a thread that nobody joined makes the scope panic when all have ended; one that join
   * has handed out does not. Without it a scope ends as its body does. */
  HEDDLE_SCOPE_PANICS = 1
};

/* A scope pointer is good until `scope` returns: in its body, in its threads, and while their
 * values are dropped. The scope's join handles are eaten before that, except those that a clause
 * forgets on purpose. */
typedef struct heddle_scopes {
  size_t size;
  uint64_t flags; /* enum heddle_scopes_flag */
  /* Runs the body with the scope as `argument`, then waits for every thread spawned in it.
   * RETURNED: the body's value. PANICKED: the body's panic, or the scope's own because a thread
   * that nobody joined has panicked (HEDDLE_SCOPE_PANICS). */
  void (*scope)(heddle_body body, heddle_cookie env, heddle_outcome *out);
  void (*spawn)(void *scope, const heddle_builder *builder, heddle_body body, heddle_cookie env,
                heddle_outcome *out);                           /* as heddle_spawning.spawn */
  void (*spawn_or_panic)(void *scope, heddle_body body, heddle_cookie env,
                         heddle_outcome *out);                  /* as its namesake there */
  heddle_handle_call join, drop, forget;                        /* eat; as join, detach, forget */
  heddle_handle_call is_finished, thread;                       /* as their namesakes there */
} heddle_scopes;

/* ---- Panics -------------------------------------------------------------------------------- */
enum heddle_panics_flag {
  /* What catch and join hand back has the type that was raised: a LITERAL stays one, and so does a
   * STRING. Without it they may come back as each other, or as FOREIGN. */
  HEDDLE_TYPED_PAYLOADS = 1
};

/* Without this table the runtime has no unwinding: the suite never asks for a panic. */
typedef struct heddle_panics {
  size_t size;
  uint64_t flags; /* enum heddle_panics_flag */
  /* Runs the body. RETURNED: its value. CAUGHT: its panic. */
  void (*catch_unwind)(heddle_body body, heddle_cookie env, heddle_outcome *out);
  heddle_call panicking; /* RETURNED: `value` 1 while the calling thread unwinds */
  /* on = 1: heddle_host.hook becomes the process's panic hook; 0: the runtime's own again. A hook
   * runs as a panic begins, before anything unwinds. */
  void (*set_hook)(uint32_t on, heddle_outcome *out);
  /* Takes the hook out, leaving the runtime's own. RETURNED: `value` 1 if it was the suite's. */
  heddle_call take_hook;
} heddle_panics;

/* ---- Thread locals ------------------------------------------------------------------------- */
enum heddle_storage {
  HEDDLE_STORAGE_LAZY = 0,        /* initialised on first access; destroyed at thread exit */
  HEDDLE_STORAGE_LAZY_PLAIN = 1,  /* the same, of a type without destructor */
  HEDDLE_STORAGE_CONST = 2,       /* constant initialiser; destroyed at thread exit */
  HEDDLE_STORAGE_CONST_PLAIN = 3, /* the same, of a type without destructor */
  HEDDLE_STORAGE_CELL = 4,        /* lazy, around a Cell */
  HEDDLE_STORAGE_REFCELL = 5,     /* lazy, around a RefCell */
  HEDDLE_STORAGE_OS = 6,          /* lazy, over a key of the operating system's */
  HEDDLE_STORAGE_OS_PLAIN = 7,    /* the same, of a type without destructor */
  HEDDLE_STORAGES = 8
};

/* What a CONST slot starts as, since a constant initialiser cannot ask the suite. */
#define HEDDLE_CONST_COOKIE(storage, slot) \
  (UINT64_C(0x48440000) + UINT64_C(256) * (storage) + (slot))

/* The PLAIN storages hold a number instead of a cookie, whose drop is not reported. */
typedef struct heddle_tls {
  size_t size;
  uint64_t flags;                  /* none yet */
  uint32_t slots[HEDDLE_STORAGES]; /* how many of each there are, at most HEDDLE_MAXIMUM_SLOTS */

  /* Runs the body with the address of the value (a uint64_t) as argument. RETURNED: the body's
   * value. PANICKED: the body's panic, the initialiser's, or no access. */
  void (*with)(uint32_t storage, uint32_t slot, heddle_body body, heddle_cookie env,
               heddle_outcome *out);
  /* As `with`, but no access is NO_ACCESS. Null: access after destruction is undefined, and
   * never tried. */
  void (*try_with)(uint32_t storage, uint32_t slot, heddle_body body, heddle_cookie env,
                   heddle_outcome *out);

  /* These three: CELL and REFCELL only. */
  void (*set)(uint32_t storage, uint32_t slot, heddle_cookie value, heddle_outcome *out);
  void (*replace)(uint32_t storage, uint32_t slot, heddle_cookie value,
                  heddle_outcome *out);                            /* RETURNED: the old value */
  void (*take)(uint32_t storage, uint32_t slot, heddle_outcome *out); /* the old value; leaves 0 */
} heddle_tls;

/* ---- Keys of the operating system ---------------------------------------------------------- */
typedef struct heddle_keys {
  size_t size;
  uint64_t flags;        /* none yet */
  uint32_t static_slots; /* at most HEDDLE_MAXIMUM_SLOTS */
  uint32_t reserved;
  /* RETURNED: `handle` is a key. The destructor is null or runs on thread exit for values that
   * are not null. */
  void (*create)(void (*destructor)(void *), heddle_outcome *out);
  heddle_handle_call destroy; /* eats */
  heddle_handle_call get;     /* RETURNED: the calling thread's value in `handle` */
  void (*set)(void *key, void *value, heddle_outcome *out);
  /* Keys that exist for the life of the process and are made on first use. Their destructor calls
   * heddle_host.key_destructor with the slot. */
  void (*static_get)(uint32_t slot, heddle_outcome *out); /* as get */
  void (*static_set)(uint32_t slot, void *value, heddle_outcome *out);
} heddle_keys;

/* ---- Output capture ------------------------------------------------------------------------ */
typedef struct heddle_capture {
  size_t size;
  uint64_t flags;                /* none yet */
  heddle_call new_sink;          /* RETURNED: `handle` is a sink that collects text */
  heddle_handle_call drop_sink;  /* eats */
  heddle_handle_call references; /* RETURNED: `value` counts the references to the sink */
  heddle_handle_call read;       /* RETURNED: what it has collected, in `text` */
  /* Eats a sink, or null for none, and makes it the calling thread's. RETURNED: the previous one
   * in `handle`, or null. */
  heddle_handle_call set;
  /* Prints to standard output (stream 1) or standard error (stream 2). */
  void (*print)(uint32_t stream, const char *text, size_t text_length, heddle_outcome *out);
  /* Prints the `text` of the body's outcome. The body runs while the stream is being written
   * to. */
  void (*print_with)(uint32_t stream, heddle_body body, heddle_cookie env, heddle_outcome *out);
} heddle_capture;

/* ---- Stack guard --------------------------------------------------------------------------- */
/* Where this table is present, stack overflows are reported. */
typedef struct heddle_guard {
  size_t size;
  uint64_t flags; /* none yet */
  /* The calling thread's guard. RETURNED: from address `value` up to `handle`. FAILED: no
   * guard is known. May be null. */
  heddle_call range;
} heddle_guard;

/* ---- The process --------------------------------------------------------------------------- */
/* The runtime's start-up and end, for runtimes that a main of another language can start. Each is
 * called at most once, on the main thread of a child process. */
typedef struct heddle_process {
  size_t size;
  uint64_t flags;      /* none yet */
  heddle_call start;   /* overflow handler, main's guard and name; FAILED says what is missing */
  heddle_call cleanup; /* undoes what must not outlive the runtime */
  /* start, the body as main, cleanup. RETURNED: `value` is the exit status: 101 after a panic. */
  void (*run_as_main)(heddle_body body, heddle_cookie env, heddle_outcome *out);
  /* Ends the process as the runtime's own exit function does. Any thread. Does not return. */
  void (*exit)(int32_t status);
} heddle_process;

/* ---- For tests ----------------------------------------------------------------------------- */
/* Functions for tests alone. Without them the clauses about exhaustion are not applicable. */
typedef struct heddle_presets {
  size_t size;
  uint64_t flags; /* none yet */
  void (*next_thread_id)(uint64_t id, heddle_outcome *out);          /* the next thread's id */
  void (*scope_running)(void *scope, uint64_t count, heddle_outcome *out); /* sets the count */
  heddle_call set_thread_info; /* sets the calling thread's information a second time */
} heddle_presets;

/* ---- The subject --------------------------------------------------------------------------- */
enum heddle_subject_flag {
  /* Built with ThreadSanitizer, so that memory order can be judged and a race counts. */
  HEDDLE_BUILT_WITH_TSAN = 1,
  /* The runtime has started this process: its main thread and overflow handler are set up. */
  HEDDLE_OWNS_MAIN = 2,
  /* A kernel thread outlives the body that it ran: the runtime keeps it for later ones (a pool, an
   * M:N scheduler). Clauses about the end of the kernel's thread, and about the system refusing
   * one, are then not asked. */
  HEDDLE_KERNEL_THREADS_STAY = 4,
  /* A collector frees the runtime's memory. It looks at words that nobody has written, and memory
   * that only its heap refers to is in use: so no tool can judge it, and --check is refused. */
  HEDDLE_COLLECTS_GARBAGE = 8
};

/* A clause that the subject breaks on purpose: shown as "deviates", with the reason. Counts for
 * clauses of level PROFILE only; a MUST cannot be waived. */
typedef struct heddle_deviation {
  const char *clause; /* its id, such as "SPAWN-027"; terminated by NUL */
  const char *reason; /* one sentence; terminated by NUL */
} heddle_deviation;

typedef struct heddle_subject_table {
  uint32_t major, minor;
  size_t size;         /* of this table, bytes */
  size_t outcome_size; /* sizeof(heddle_outcome) as the subject was built */
  uint64_t flags;      /* enum heddle_subject_flag */
  const char *name;    /* terminated by NUL, as are the next two; never null */
  const char *version;
  /* The known runtime that the subject claims to behave like: "heddle" (the reference), "rust-1.N"
   * for std of Rust 1.N (from 1.63 on; "rust-1.97.0-nightly" is "rust-1.97"), or "" for none. A Rust
   * that is newer than the clauses know is judged as the last one that they know. */
  const char *profile;
  const heddle_deviation *deviations;
  size_t deviation_count;

  /* The features; null: not offered. */
  const heddle_spawning *spawning;
  const heddle_threads *threads;
  const heddle_parking *parking;
  const heddle_pausing *pausing;
  const heddle_scopes *scopes;
  const heddle_panics *panics;
  const heddle_tls *tls;
  const heddle_keys *keys;
  const heddle_capture *capture;
  const heddle_guard *guard;
  const heddle_process *process;
  const heddle_presets *presets;
} heddle_subject_table;

/* Hands out the table, which stays valid until the process is gone; null: it cannot speak the
 * host's major version. Called once, on the main thread, before anything else. */
typedef const heddle_subject_table *(*heddle_entry)(const heddle_host *host);

/* The one symbol that a plug-in exports. */
HEDDLE_EXPORT const heddle_subject_table *heddle_subject(const heddle_host *host);

/* Runs the suite in a program of the subject's own language: call it from main with main's
 * arguments, and end main as `end` says. RETURNED: `value` is the exit status. PANICKED: let main
 * panic with that payload. It may also return in a forked child, which then ends the same
 * way. */
void heddle_conform_main(int argc, char **argv, heddle_entry entry, heddle_outcome *end);

#ifdef __cplusplus
}
#endif

#pragma pop_macro("slots")

#endif
