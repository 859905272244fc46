// What the sanitizers do in every target: the first thing that is undefined ends the run, so that
// libFuzzer keeps the input.

// NOLINTNEXTLINE(bugprone-reserved-identifier): the name is UndefinedBehaviorSanitizer's.
extern "C" const char* __ubsan_default_options() {
  return "halt_on_error=1:print_stacktrace=1";
}
