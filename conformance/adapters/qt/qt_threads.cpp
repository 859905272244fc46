// Qt's threads as a subject: QThread and QThreadStorage. A QThread carries no value and no
// exception, and must not be destroyed while it runs: so there is no detach.
#include <QtCore/QThread>
#include <QtCore/QThreadStorage>
#include <algorithm>
#include <array>
#include <heddle/adapter.hpp>
#include <limits>

namespace heddle::qt {
namespace {

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const kit::Settings settings = kit::settings_of(builder);
    std::unique_ptr<QThread> thread{QThread::create(
        [closure = kit::Closure{body, env}]() mutable { const kit::Value value = closure(); })};
    if (settings.stack_size) {
      constexpr std::uint64_t largest = std::numeric_limits<unsigned>::max();
      thread->setStackSize(static_cast<unsigned>(std::min(*settings.stack_size, largest)));
    }
    thread->start();
    // A QThread that the system refuses says so on standard error, and neither runs nor finishes.
    if (thread->isRunning() || thread->isFinished()) {
      outcome.handle = thread.release();
      return;
    }
    thread.reset();
    kit::write_failure(0, "QThread::start has started no thread", outcome);
  });
}

void join(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    auto thread = kit::take<QThread>(handle);
    if (!thread->wait()) {
      static_cast<void>(thread.release());  // a QThread that runs must not be destroyed
      kit::write_failure(0, "QThread::wait has not waited", outcome);
    }
  });
}

void is_finished(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = kit::borrow<QThread>(handle).isFinished() ? 1 : 0;
  });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_TAKES_STACK_SIZE,
    .spawn = spawn,
    .spawn_or_panic = nullptr,
    .join = join,
    .detach = nullptr,
    .forget = nullptr,
    .is_finished = is_finished,
    .thread = nullptr,
    .as_native = nullptr,
    .into_native = nullptr,
};

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    // Qt counts whole seconds, or microseconds, in an unsigned long.
    const auto time = kit::duration_of(seconds, nanoseconds);
    const auto rounded = std::chrono::ceil<std::chrono::microseconds>(time);
    QThread::usleep(static_cast<unsigned long>(rounded.count()));
  });
}

void yield(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { QThread::yieldCurrentThread(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = 0, .sleep = sleep, .yield = yield};

// A slot, which each thread fills on its first access, as Qt's pages do. It owns the value.
using Slot = QThreadStorage<kit::Value*>;
std::array<Slot, HEDDLE_MAXIMUM_SLOTS> all_slots;

void with(std::uint32_t storage, std::uint32_t number, heddle_body body, heddle_cookie env,
          heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};
    Slot& slot = all_slots.at(number);
    if (!slot.hasLocalData()) {
      heddle_outcome initial{};
      kit::suite->tls_initial(storage, number, &initial);
      slot.setLocalData(new kit::Value{initial.value});
    }
    outcome.value = closure(slot.localData()->address()).release();
  });
}

constexpr heddle_tls tls_table = {
    .size = sizeof(heddle_tls),
    .flags = 0,
    .slots = {HEDDLE_MAXIMUM_SLOTS, 0, 0, 0, 0, 0, 0, 0},
    .with = with,
    .try_with = nullptr,
    .set = nullptr,
    .replace = nullptr,
    .take = nullptr,
};

}  // namespace
}  // namespace heddle::qt

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  using namespace heddle::qt;
  static heddle_subject_table table = heddle::kit::subject_named("Qt", qVersion());
  table.spawning = &spawning_table;
  table.pausing = &pausing_table;
  table.tls = &tls_table;
  return heddle::kit::enter(host, table);
}
