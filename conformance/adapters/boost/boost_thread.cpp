// Boost.Thread as a subject: boost::thread with boost::packaged_task, which carries the body's
// value or its exception to the joiner, and boost::thread_specific_ptr.
#include <pthread.h>

#include <array>
#include <boost/exception/enable_current_exception.hpp>
#include <boost/thread/future.hpp>
#include <boost/thread/thread.hpp>
#include <boost/thread/tss.hpp>
#include <boost/version.hpp>
#include <heddle/adapter.hpp>

namespace heddle::boost_thread {
namespace {

// Boost's exception_ptr keeps the type only of exceptions that are thrown in its own way.
kit::Value run(kit::Closure& closure) {
  try {
    return closure();
  } catch (const kit::OpaquePanic& panic) {
    throw boost::enable_current_exception(panic);
  } catch (const kit::LiteralPanic& panic) {
    throw boost::enable_current_exception(panic);
  } catch (const std::string& panic) {
    throw boost::enable_current_exception(panic);
  }
}

struct JoinHandle {
  boost::future<kit::Value> result;
  boost::thread native;
};

// Starts a thread. Throws boost::thread_resource_error if the system refuses.
void* start(kit::Closure closure, const kit::Settings& settings) {
  boost::packaged_task<kit::Value()> task{
      [body = std::move(closure)]() mutable { return run(body); }};
  boost::thread::attributes attributes;
  if (settings.stack_size) {
    attributes.set_stack_size(static_cast<std::size_t>(*settings.stack_size));
  }
  auto handle = std::make_unique<JoinHandle>();
  handle->result = task.get_future();
  // Constant, or the constructor for any function and its arguments would be the better match.
  handle->native = boost::thread{std::as_const(attributes), std::move(task)};
  return handle.release();
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};
    try {
      outcome.handle = start(std::move(closure), kit::settings_of(builder));
    } catch (const boost::thread_resource_error& error) {
      kit::write_failure(error.native_error(), error.what(), outcome);
    }
  });
}

void spawn_or_panic(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) { outcome.handle = start({body, env}, {}); });
}

void join(void* eaten, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto handle = kit::take<JoinHandle>(eaten);
    try {
      handle->native.join();
    } catch (const boost::thread_resource_error& error) {
      handle->native.detach();
      kit::write_failure(error.native_error(), error.what(), outcome);
      return;
    }
    try {
      outcome.value = handle->result.get().release();
    } catch (const boost::broken_promise&) {
      outcome.tag = HEDDLE_ABSENT;
    } catch (...) {
      kit::write_exception(HEDDLE_CAUGHT, outcome);
    }
  });
}

void detach(void* eaten, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<JoinHandle>(eaten)->native.detach(); });
}

void is_finished(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = kit::borrow<JoinHandle>(handle).result.is_ready() ? 1 : 0;
  });
}

void as_native(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = kit::borrow<JoinHandle>(handle).native.native_handle();
  });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_CARRIES_VALUE | HEDDLE_CARRIES_PANIC | HEDDLE_TAKES_STACK_SIZE,
    .spawn = spawn,
    .spawn_or_panic = spawn_or_panic,
    .join = join,
    .detach = detach,
    .forget = nullptr,
    .is_finished = is_finished,
    .thread = nullptr,
    .as_native = as_native,
    .into_native = nullptr,
};

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    const auto time = kit::duration_of(seconds, nanoseconds);
    boost::this_thread::sleep_for(boost::chrono::nanoseconds{time.count()});
  });
}

void yield(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { boost::this_thread::yield(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = HEDDLE_SLEEPS_WHOLE, .sleep = sleep, .yield = yield};

// A slot, which each thread fills on its first access, as Boost's pages do.
using Slot = boost::thread_specific_ptr<kit::Value>;
std::array<Slot, HEDDLE_MAXIMUM_SLOTS> all_slots;

void with(std::uint32_t storage, std::uint32_t number, heddle_body body, heddle_cookie env,
          heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};  // the initialiser may throw
    Slot& slot = all_slots.at(number);
    if (slot.get() == nullptr) {
      heddle_outcome initial{};
      kit::suite->tls_initial(storage, number, &initial);
      kit::settle(initial);
      slot.reset(new kit::Value{initial.value});
    }
    outcome.value = closure(slot->address()).release();
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

constexpr heddle_subject_table subject_table = [] {
  heddle_subject_table table = kit::subject_named("Boost.Thread", BOOST_LIB_VERSION);
  table.spawning = &spawning_table;
  table.pausing = &pausing_table;
  table.panics = &kit::exceptions;
  table.tls = &tls_table;
  return table;
}();

}  // namespace
}  // namespace heddle::boost_thread

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  return heddle::kit::enter(host, heddle::boost_thread::subject_table);
}
