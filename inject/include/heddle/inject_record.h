/* inject_record.h: what the driver of campaigns and the shim share besides the control block.
 *
 * The record lies in the plan file behind the control block, at its record_offset. It has the calls
 * that a run has made, by site; the state in which the process ended; and, for a fork server, the
 * orders for the next run. Both sides have this memory mapped, so nothing is lost however the
 * program ends. The control block's protocol covers the record as well.
 *
 * A *site* is a call of one row (and system call number), from one call stack, by one thread path,
 * in one program. Its occurrences are counted. Its key is a hash of these four, and stays the same
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

/* A file in which frames lie. Filled in once; then `ready` is stored with release order. */
typedef struct heddle_inject_module {
  uint32_t ready;
  uint32_t build_id_size; /* 0: no build id, and the identity is a hash of the file name */
  uint64_t identity;      /* hash of the build id; stack hashes are made of it */
  uint8_t build_id[32];
  char path[HEDDLE_INJECT_PATH_SIZE]; /* as the dynamic linker has it; the program's is absolute */
} heddle_inject_module;

/* Module index in the upper 16 bits; offset from the module's load address in the lower 48. The
 * offset is that of a return address: look up offset - 1. */
typedef uint64_t heddle_inject_frame;
#define HEDDLE_INJECT_FRAME_UNKNOWN UINT64_MAX /* in no module */

typedef struct heddle_inject_site {
  uint64_t key; /* 0: free. Claimed by compare-and-swap; the fields follow, then `ready`. */
  uint32_t ready;
  uint32_t call;   /* enum heddle_inject_call */
  uint32_t number; /* the system call's, for SYSTEM_CALL */
  uint32_t raw;    /* 1: seen by the raw layer */
  uint64_t stack;  /* hash of the frames' (module identity, offset); what rules compare */
  uint64_t thread_path_hash;
  uint64_t exe_hash; /* heddle_inject_path_hash of the program's file name */
  uint64_t sequence; /* recorded calls that the thread had made before the site's first */
  uint64_t count;    /* occurrences; atomic */
  char thread_path[HEDDLE_INJECT_THREAD_PATH_SIZE];
  char thread_name[16];
  char exe[64];
  uint32_t frame_count;
  uint32_t needs; /* those that its first calls met: 1 << heddle_inject_need, added up; atomic */
  heddle_inject_frame frames[HEDDLE_INJECT_MAXIMUM_FRAMES]; /* the caller first */
} heddle_inject_site;

/* What the process that the driver has started still held when it ended, by exit() or by returning
 * from main. A process that ends by _exit or a signal has no such state. */
typedef struct heddle_inject_exit_state {
  uint32_t observed; /* 1: the other fields are filled in */
  uint32_t threads;  /* those that are still there, including the exiting one */
  uint32_t descriptors;
  /* Written by the driver before the run. If there are more threads, they get a moment to end, as a
   * thread that nobody joins may be about to do. 0: not known. */
  uint32_t usual_threads;
  /* Private anonymous memory that the program can give back: without the heap that brk extends,
   * malloc's arenas, the variables of modules, and the stacks that libc keeps for its threads. */
  uint64_t mapped_bytes;
  /* Shared memory outside of file systems: memfd_create's, or mapped MAP_SHARED | MAP_ANONYMOUS. */
  uint64_t shared_bytes;
  /* Memory that failed calls had asked for and that would not have counted as mapped: shared,
   * file-backed, or only reserved. If a program takes private memory instead, or leaves memory
   * accessible, that is no leak. */
  uint64_t refused_bytes;
} heddle_inject_exit_state;

/* Who a process of the run is; written by the process itself when it begins. It lies in the slot of
 * its id modulo HEDDLE_INJECT_PROCESS_SLOTS. A later process may take the slot: the name of the
 * earlier one is then lost. */
typedef struct heddle_inject_process {
  int32_t process;
  /* Empty: its parent has not made it by fork(). */
  char thread_path[HEDDLE_INJECT_THREAD_PATH_SIZE];
  char exe[64]; /* file name of its program */
} heddle_inject_process;

/* A child that ended by a signal that stands for a mistake (SIGSEGV, SIGABRT, ...), as its parent
 * learnt when it waited. */
typedef struct heddle_inject_crash {
  int32_t process; /* 0: free, claimed by compare-and-swap; -1: of unknown id */
  int32_t signal;  /* 0: not filled in yet */
} heddle_inject_crash;

enum heddle_inject_launch_flag {
  /* The new process first waits until the driver has stored 0 in launch.hold (a futex word) and
   * woken it, so that a tracer can be attached. */
  HEDDLE_INJECT_LAUNCH_HOLD = 1,
  HEDDLE_INJECT_LAUNCH_REWIND_INPUT = 2 /* rewind standard input, which is a file */
};

/* The fork server's orders. The driver fills them in, arms the block, and writes one byte (of any
 * value) to the descriptor. The server forks, and stores the new process's id in `process`. The new
 * process goes on into the program as its own process group, with the server's descriptors save
 * this one. When it has ended, or could not be forked, the server writes a heddle_inject_ended and
 * waits for the next byte. So a run wakes the driver once. The server ends when the driver closes
 * its end of the socket. */
typedef struct heddle_inject_launch {
  int32_t descriptor; /* a stream socket that the server inherits; written before it is started */
  /* The server's process id, claimed from 0 by the first process that maps the block. Processes
   * that come later, by fork or exec, are ordinary. */
  int32_t server;
  uint32_t flags; /* enum heddle_inject_launch_flag, added up */
  uint32_t hold;
  /* The run's process; set to 0 by the driver. A futex word, which is woken for a held run. */
  int32_t process;
  uint32_t reserved;
  char working_folder[4096]; /* absolute; empty: the server's own */
} heddle_inject_launch;

/* The server's first message: whether it can serve. If it cannot, the program goes on as if it had
 * been executed for one run, and the driver starts each run anew. */
typedef struct heddle_inject_greeting {
  int32_t process;
  uint32_t serves; /* 0: constructors of other libraries have already started threads */
  uint32_t threads;
} heddle_inject_greeting;

typedef struct heddle_inject_ended {
  int32_t process;     /* the run's id, or a negative errno of fork */
  int32_t wait_status; /* as of waitpid */
} heddle_inject_ended;

typedef struct heddle_inject_record {
  heddle_inject_launch launch;
  heddle_inject_exit_state exit_state;
  /* The process whose exit state is wanted: set by the fork server for each run, otherwise by the
   * driver; 0: the first process that maps the block. */
  int32_t observed_process;
  uint32_t module_count; /* claimed; atomic. If larger than the array, the others are unknown. */
  uint64_t lost_sites;   /* calls whose site found no room; atomic */
  uint64_t unseen_calls; /* calls that arrived before the shim was initialised; atomic */
  heddle_inject_crash crashes[HEDDLE_INJECT_MAXIMUM_CRASHES];
  uint64_t lost_crashes; /* crashes that found no room; atomic */
  heddle_inject_process processes[HEDDLE_INJECT_PROCESS_SLOTS];
  uint32_t site_capacity; /* a power of two; sites lie in an open-addressed table */
  uint32_t refusing;      /* 1: claimed by the first process that the shim had to end */
  /* That process's message. Standard error has it too, but text there may be the program's own.
   * Written by one thread, read when all processes have ended. */
  char refusal[256];
  heddle_inject_module modules[HEDDLE_INJECT_MAXIMUM_MODULES];
/* Clang takes no __extension__ here. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
  heddle_inject_site sites[]; /* site_capacity of them */
#pragma GCC diagnostic pop
} heddle_inject_record;

/* Says whether the kernel, or abort(), sends the signal to a process that has made a mistake. By
 * other signals a parent may end its children. */
static inline int heddle_inject_stands_for_mistake(int signal) {
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
         signal == SIGABRT || signal == SIGTRAP || signal == SIGSYS;
}

#ifdef __cplusplus
}
#endif

#endif
