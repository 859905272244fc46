#include "stage/stage_case.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

struct {
  const heddle_subject_table* subject = nullptr;
  Evidence* evidence = nullptr;
  std::span<const Fault> faults;
  heddle_inject_control* injector = nullptr;
  heddle_outcome main_ending{};
  void (*case_end)() = nullptr;
} current;

// Serial numbers are given at first sight. The main thread takes 1 in enter_case().
std::atomic<std::uint32_t> threads_seen = 0;
thread_local constinit std::uint32_t serial = 0;

// The kernel's numbers of threads, by serial number. No check needs those of later threads.
std::array<std::atomic<std::int32_t>, 4096> kernel_threads{};

void take_serial() {
  serial = threads_seen.fetch_add(1, std::memory_order_relaxed) + 1;
  if (serial < kernel_threads.size()) {
    kernel_threads[serial].store(static_cast<std::int32_t>(system_call(SYS_gettid)),
                                 std::memory_order_relaxed);
  }
}

template <std::size_t size>
void write_text(std::array<char, size>& field, std::string_view text) {
  const std::size_t length = std::min(text.size(), size - 1);
  std::memcpy(field.data(), text.data(), length);
  field[length] = '\0';
}

// Adds what has fired to the evidence, and disarms. Does nothing while nothing is armed.
void take_firings() {
  if (current.injector == nullptr ||
      __atomic_exchange_n(&current.injector->armed, 0U, __ATOMIC_ACQ_REL) == 0) {
    return;
  }
  for (std::uint32_t rule = 0; rule < current.injector->rule_count; ++rule) {
    current.evidence->fault_reached.fetch_add(heddle_inject_reached(current.injector, rule),
                                              std::memory_order_relaxed);
    current.evidence->fault_fired.fetch_add(heddle_inject_fired(current.injector, rule),
                                            std::memory_order_relaxed);
  }
}

// Ends the process. Its status does not matter: the verdict is in the evidence. _exit() rather than
// exit(), since the subject's destructors must not run after the end of the check.
[[noreturn]] void end_case() {
  take_firings();
  if (current.case_end != nullptr) {
    current.case_end();
  }
  ::_exit(0);
}

[[noreturn]] void end_excused(std::string_view reason, bool is_internal) {
  Evidence& evidence = *current.evidence;
  if (evidence.failure_claimed.exchange(1, std::memory_order_acq_rel) == 0) {
    write_text(evidence.excuse, reason);
    evidence.internal.store(is_internal ? 1 : 0, std::memory_order_relaxed);
    evidence.excused.store(1, std::memory_order_release);
  }
  end_case();
}

}  // namespace

void enter_case(const heddle_subject_table& subject_table, Evidence& evidence,
                std::span<const Fault> faults) {
  current.subject = &subject_table;
  current.evidence = &evidence;
  current.faults = faults;
  take_serial();
  if (!faults.empty()) {
    const auto control = reinterpret_cast<heddle_inject_control_function>(
        ::dlsym(RTLD_DEFAULT, HEDDLE_INJECT_CONTROL_SYMBOL));
    if (control == nullptr) {
      internal_error("the injector is not preloaded into the case");
    }
    current.injector = control();
    if (current.injector == nullptr || current.injector->protocol != HEDDLE_INJECT_PROTOCOL ||
        current.injector->size != sizeof(heddle_inject_control)) {
      internal_error("the preloaded injector speaks another protocol than this suite");
    }
  }
}

void set_case_end(void (*function)()) {
  current.case_end = function;
}

const heddle_subject_table& subject() {
  return *current.subject;
}

std::uint32_t here() {
  if (serial == 0) {
    take_serial();
  }
  return serial;
}

std::optional<std::int32_t> kernel_thread_of(std::uint32_t number) {
  if (number == 0 || number >= kernel_threads.size()) {
    return std::nullopt;
  }
  return kernel_threads[number].load(std::memory_order_relaxed);
}

// Relaxed is enough for the position: coherence keeps every order that happens-before establishes.
// A stronger order would hide the subject's own races from ThreadSanitizer.
void note(std::string_view text) {
  Evidence& evidence = *current.evidence;
  const std::uint32_t position = evidence.event_count.fetch_add(1, std::memory_order_relaxed);
  Event& event = evidence.events[position % Evidence::maximum_events];
  event.ready.store(0, std::memory_order_relaxed);
  event.thread = here();
  write_text(event.text, text);
  event.ready.store(1, std::memory_order_release);
}

std::vector<std::uint32_t> positions_of(std::string_view text) {
  const Evidence& evidence = *current.evidence;
  text = text.substr(0, Event{}.text.size() - 1);
  std::vector<std::uint32_t> positions;
  const std::uint32_t count = evidence.event_count.load(std::memory_order_relaxed);
  const std::uint32_t kept = std::min<std::uint32_t>(count, Evidence::maximum_events);
  for (std::uint32_t position = count - kept; position < count; ++position) {
    const Event& event = evidence.events[position % Evidence::maximum_events];
    if (event.ready.load(std::memory_order_acquire) != 0 && text == event.text.data()) {
      positions.push_back(position);
    }
  }
  return positions;
}

void fail(std::string_view expected, std::string_view happened) {
  Evidence& evidence = *current.evidence;
  if (evidence.failure_claimed.exchange(1, std::memory_order_acq_rel) == 0) {
    write_text(evidence.expected, expected);
    write_text(evidence.happened, happened);
    evidence.failed.store(1, std::memory_order_release);
  } else {
    // Another thread is writing its failure, and then ends the process. Wait for that.
    for (;;) {
      ::pause();
    }
  }
  end_case();
}

void excuse(std::string_view reason) {
  end_excused(reason, false);
}

void internal_error(std::string_view reason) {
  end_excused(reason, true);
}

void expect_death() {
  note("from here on the process must die");
  current.evidence->death_due.store(1, std::memory_order_release);
}

void end_main_with(const heddle_outcome& outcome) {
  current.main_ending = outcome;
}

const heddle_outcome& main_ending() {
  return current.main_ending;
}

heddle_inject_rule& rule_of_fault() {
  if (current.injector == nullptr) {
    internal_error("the check works a gate, but its clause names no fault");
  }
  return current.injector->rules[0];
}

void arm() {
  if (current.faults.empty()) {
    internal_error("the check arms a fault, but its clause names none");
  }
  heddle_inject_control& control = *current.injector;
  control.rule_count = 0;
  for (const Fault& fault : current.faults) {
    heddle_inject_rule& rule = control.rules[control.rule_count++];
    rule = {};
    rule.call = fault.call;
    rule.action = fault.action;
    rule.count = fault.count;
    rule.error = fault.error;
    rule.first = fault.first;
    rule.last = fault.last;
    rule.step = fault.step;
  }
  std::ranges::fill(control.totals, heddle_inject_totals{});
  note("the fault is armed");
  // Pairs with the shim's acquire load, which then sees the rule as written above.
  static std::uint32_t generation = 0;
  __atomic_store_n(&control.armed, ++generation, __ATOMIC_RELEASE);
}

void disarm() {
  take_firings();
  note("the fault is disarmed");
}

void need_fired_fault() {
  if (current.evidence->fault_fired.load(std::memory_order_relaxed) == 0) {
    excuse("the fault never fired: the subject makes no such calls, or not while it was armed");
  }
}

std::uint64_t calls_counted(std::size_t fault) {
  if (fault >= current.faults.size()) {
    internal_error("the check asks for a fault that its clause does not name");
  }
  return heddle_inject_fired(current.injector, static_cast<std::uint32_t>(fault));
}

}  // namespace heddle::conformance
