/* inject_record.h: what the driver of campaigns and the shim share besides the control block.
 *
 * It lies in the plan file behind the control block, at its record_offset: a record of the calls
 * that a run has made, by site; the state in which the process ended; and, for a fork server, the
 * orders for the next run. All of it is memory that both sides have mapped, so that nothing is lost
 * however the program ends. Version and size are those of the control block's protocol.
 *
 * A *site* is a call of one row (and system call number), from one call stack, by one thread path,
 * in one program. Its occurrences are counted. Its key is a hash of these, and it does not change
 * from run to run: frames are (module, offset), and modules are known by their build id.
 */
#ifndef HEDDLE_INJECT_RECORD_H
#define HEDDLE_INJECT_RECORD_H

#include <heddle/inject_control.h>
#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  HEDDLE_INJECT_MAXIMUM_FRAMES = 32,
  HEDDLE_INJECT_MAXIMUM_MODULES = 512,
  HEDDLE_INJECT_PATH_SIZE = 256,
  HEDDLE_INJECT_THREAD_PATH_SIZE = 48,
  HEDDLE_INJECT_PROCESS_SLOTS = 256, /* a power of two */
  HEDDLE_INJECT_MAXIMUM_CRASHES = 16
};

/* A file that frames lie in. Filled once, then `ready` is stored with release order. */
typedef struct heddle_inject_module {
  uint32_t ready;
  uint32_t build_id_size; /* 0: it has none, and the identity is a hash of its file name */
  uint64_t identity;      /* hash of the build id; what stack hashes are made of */
  uint8_t build_id[32];
  char path[HEDDLE_INJECT_PATH_SIZE]; /* as the dynamic linker has it; the program's is absolute */
} heddle_inject_module;

/* Module index in the upper 16 bits, offset from the module's load address in the lower 48: of the
 * return address, so look it up at offset - 1. */
typedef uint64_t heddle_inject_frame;
#define HEDDLE_INJECT_FRAME_UNKNOWN UINT64_MAX /* in no module */

typedef struct heddle_inject_site {
  uint64_t key; /* 0: free. Claimed by compare-and-swap; the fields follow, then `ready`. */
  uint32_t ready;
  uint32_t call;   /* enum heddle_inject_call */
  uint32_t number; /* of a SYSTEM_CALL */
  uint32_t raw;    /* 1: seen by the raw layer */
  uint64_t stack;  /* hash of the frames' (module identity, offset); what rules compare */
  uint64_t thread_path_hash;
  uint64_t exe_hash; /* heddle_inject_path_hash of the program's file name */
  uint64_t sequence; /* how many recorded calls the thread had made before the first of these */
  uint64_t count;    /* occurrences; atomic */
  char thread_path[HEDDLE_INJECT_THREAD_PATH_SIZE];
  char thread_name[16];
  char exe[64];
  uint32_t frame_count;
  uint32_t needs; /* 1 << heddle_inject_need, added up: what its first calls had; atomic */
  heddle_inject_frame frames[HEDDLE_INJECT_MAXIMUM_FRAMES]; /* the caller first */
} heddle_inject_site;

/* How the process that the driver has started ended, seen from within: by exit(), or by returning
 * from main. A process that leaves by _exit or a signal has no such state. */
typedef struct heddle_inject_exit_state {
  uint32_t observed; /* 1: the rest is filled in */
  uint32_t threads;  /* still there, the exiting one included */
  uint32_t descriptors;
  /* Written by the driver before the run: more threads than so many are given a moment to end,
   * since a thread that nobody joins may be about to. 0: not known. */
  uint32_t usual_threads;
  /* Private anonymous memory, without what is not the program's to give back: the heap that brk
   * extends, malloc's arenas, the variables of modules, the stacks that libc keeps for its threads.
   */
  uint64_t mapped_bytes;
  /* Shared memory of no file system: memfd_create's, or mapped MAP_SHARED | MAP_ANONYMOUS. */
  uint64_t shared_bytes;
  /* What calls that were made to fail had asked for without its counting as mapped: memory that is
   * shared, of a file, or only reserved. A program that takes memory of its own in its place, or
   * has to leave it accessible, has not lost that. */
  uint64_t refused_bytes;
} heddle_inject_exit_state;

/* Who a process of the run is. It lies in the slot of its id modulo HEDDLE_INJECT_PROCESS_SLOTS,
 * and a later process may take its place: then nobody knows its name any more. Written by the
 * process itself when it begins. */
typedef struct heddle_inject_process {
  int32_t process;
  char
      thread_path[HEDDLE_INJECT_THREAD_PATH_SIZE]; /* empty: its parent did not fork it by fork() */
  char exe[64];                                    /* file name of its program */
} heddle_inject_process;

/* A child that a signal ended which stands for a mistake (SIGSEGV, SIGABRT, ...), as its parent
 * learnt when it waited for it. */
typedef struct heddle_inject_crash {
  int32_t process; /* 0: free, claimed by compare-and-swap; -1: its id is not known */
  int32_t signal;  /* 0: not filled in yet */
} heddle_inject_crash;

enum heddle_inject_launch_flag {
  /* The new process waits, before anything else, until the driver has stored 0 into launch.hold (a
   * futex word) and woken it: a tracer can be attached in between. */
  HEDDLE_INJECT_LAUNCH_HOLD = 1,
  HEDDLE_INJECT_LAUNCH_REWIND_INPUT = 2 /* standard input is a file: start at its beginning */
};

/* The fork server's orders. The driver fills them in, arms the block, and writes one byte (of any
 * value) to the descriptor. The server forks; the new process goes on into the program as its own
 * process group, with the server's descriptors save this one. The server stores its id in
 * `process`, and writes a heddle_inject_ended when it has ended, or could not be forked; it then
 * waits for the next byte, and ends when there will be none. So a run wakes the driver once. */
typedef struct heddle_inject_launch {
  int32_t descriptor; /* a stream socket that the server inherits; written before it is started */
  int32_t server; /* its process id, claimed from 0 by the first process that maps the block; all
                     that come later, by fork or exec, are ordinary */
  uint32_t flags; /* enum heddle_inject_launch_flag, added up */
  uint32_t hold;
  int32_t process; /* of the run; set to 0 by the driver. A futex word that is woken for a run that
                      is held. */
  uint32_t reserved;
  char working_folder[4096]; /* absolute; empty: as it is */
} heddle_inject_launch;

/* What the server says first, once: whether it can serve. Otherwise the program goes on as if it
 * had been executed for one run (the driver then starts each run anew). */
typedef struct heddle_inject_greeting {
  int32_t process;
  uint32_t serves; /* 0: other libraries' constructors have already started threads */
  uint32_t threads;
} heddle_inject_greeting;

typedef struct heddle_inject_ended {
  int32_t process;     /* its id, or a negative errno of fork */
  int32_t wait_status; /* as of waitpid */
} heddle_inject_ended;

typedef struct heddle_inject_record {
  heddle_inject_launch launch;
  heddle_inject_exit_state exit_state;
  int32_t
      observed_process;  /* whose exit state is wanted: set by the fork server for each run, by the
                            driver otherwise; 0: of the first process that has the block mapped */
  uint32_t module_count; /* claimed, atomic; may exceed the array, whose rest is then unknown */
  uint64_t lost_sites;   /* calls whose site found no room; atomic */
  uint64_t unseen_calls; /* calls that arrived before the shim was initialised; atomic */
  heddle_inject_crash crashes[HEDDLE_INJECT_MAXIMUM_CRASHES];
  uint64_t lost_crashes; /* for which there was no room; atomic */
  heddle_inject_process processes[HEDDLE_INJECT_PROCESS_SLOTS];
  uint32_t site_capacity; /* a power of two; sites lie in an open-addressed table */
  uint32_t refusing;      /* 1: claimed by the first process that the shim had to end */
  char refusal[256]; /* that process's message, which standard error has as well: text there may be
                        the program's own. Written by one thread, read when all processes have
                        ended. */
  heddle_inject_module modules[HEDDLE_INJECT_MAXIMUM_MODULES];
/* Clang takes no __extension__ here. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
  heddle_inject_site sites[]; /* site_capacity of them */
#pragma GCC diagnostic pop
} heddle_inject_record;

/* Whether the kernel, or abort(), sends the signal to a process that has made a mistake. The others
 * may be a parent's way to end its children. */
static inline int heddle_inject_stands_for_mistake(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
         signal == SIGABRT || signal == SIGTRAP || signal == SIGSYS;
}

#ifdef __cplusplus
}
#endif

#endif
