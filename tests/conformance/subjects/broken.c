/* A plug-in that is wrong in one way, chosen when it is built: BROKEN is one of the names below. */
#include <heddle/subject.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
  another_version,
  small_table,
  small_outcome,
  null_table,
  crashes_in_constructor,
  hangs_in_constructor,
  exits_in_constructor,
  crashes_in_entry,
  hangs_in_entry,
  offers_nothing,
  unknown_profile,
  unknown_deviation,
  deviation_without_reason,
  too_many_slots,
  too_many_static_keys
};

static void crash(void) {
  raise(SIGSEGV);
}

static void hang(void) {
  for (;;) {
    pause();
  }
}

__attribute__((constructor)) static void construct(void) {
  if (BROKEN == crashes_in_constructor) {
    crash();
  }
  if (BROKEN == hangs_in_constructor) {
    hang();
  }
  if (BROKEN == exits_in_constructor) {
    _exit(7);
  }
}

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  static heddle_subject_table table = {.major = HEDDLE_ABI_MAJOR,
                                       .minor = HEDDLE_ABI_MINOR,
                                       .size = sizeof(heddle_subject_table),
                                       .outcome_size = sizeof(heddle_outcome),
                                       .name = "broken",
                                       .version = "",
                                       .profile = ""};
  static heddle_deviation deviation = {.clause = "SPAWN-29", .reason = "it is declared so"};
  static heddle_tls tls = {.size = sizeof tls, .slots = {0, HEDDLE_MAXIMUM_SLOTS + 1}};
  static heddle_keys keys = {.size = sizeof keys, .static_slots = HEDDLE_MAXIMUM_SLOTS + 1};
  (void)host;
  switch (BROKEN) {
    case another_version:
      table.major = HEDDLE_ABI_MAJOR + 1;
      break;
    case small_table:
      table.size -= sizeof(void*);
      break;
    case small_outcome:
      table.outcome_size -= 8;
      break;
    case null_table:
      return NULL;
    case crashes_in_entry:
      crash();
      break;
    case hangs_in_entry:
      hang();
      break;
    case unknown_profile:
      table.profile = "rust-1.0";
      break;
    case deviation_without_reason:
      deviation.reason = NULL; /* and then what an unknown one does */
      /* fall through */
    case unknown_deviation:
      table.deviations = &deviation;
      table.deviation_count = 1;
      break;
    case too_many_slots:
      table.tls = &tls;
      break;
    case too_many_static_keys:
      table.keys = &keys;
      break;
    default:
      break;
  }
  return &table;
}
