// Thread handles, parking, pausing, and the presets for tests.
#include <heddle/testing/presets.hpp>

#include "handles.hpp"
#include "outcomes.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

using thread::Thread;

void current(heddle_outcome* out) {
  call(out, [] { return returned_new(thread::current()); });
}

void clone(void* handle, heddle_outcome* out) {
  call(out, [&] { return returned_new(Thread(borrow<Thread>(handle))); });
}

void id(void* handle, heddle_outcome* out) {
  call(out, [&] { return returned(borrow<Thread>(handle).id().as_u64()); });
}

void name(void* handle, heddle_outcome* out) {
  call(out, [&] {
    const auto its_name = borrow<Thread>(handle).name();
    return its_name ? returned_text(*its_name) : returned();
  });
}

void unpark(void* handle, heddle_outcome* out) {
  call(out, [&] {
    borrow<Thread>(handle).unpark();
    return returned();
  });
}

void park(heddle_outcome* out) {
  call(out, [] {
    thread::park();
    return returned();
  });
}

void park_timeout(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  call(out, [&] {
    thread::park_timeout(Duration(seconds, nanoseconds));
    return returned();
  });
}

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  call(out, [&] {
    thread::sleep(Duration(seconds, nanoseconds));
    return returned();
  });
}

void yield(heddle_outcome* out) {
  call(out, [] {
    thread::yield_now();
    return returned();
  });
}

void next_thread_id(std::uint64_t number, heddle_outcome* out) {
  testing::set_next_thread_id(number);
  *out = returned();
}

void scope_running(void* scope, std::uint64_t count, heddle_outcome* out) {
  testing::set_running_threads(*static_cast<const thread::Scope*>(scope), count);
  *out = returned();
}

void set_thread_info(heddle_outcome* out) {
  call(out, [] {
    testing::set_thread_info_again();
    return returned();
  });
}

}  // namespace

const heddle_threads threads = {
    .size = sizeof(heddle_threads),
    .flags = HEDDLE_UNIQUE_IDS,
    .current = current,
    .clone = clone,
    .drop = drop<Thread>,
    .id = id,
    .name = name,
    .unpark = unpark,
};

const heddle_parking parking = {
    .size = sizeof(heddle_parking), .flags = 0, .park = park, .park_timeout = park_timeout};

const heddle_pausing pausing = {
    .size = sizeof(heddle_pausing), .flags = HEDDLE_SLEEPS_WHOLE, .sleep = sleep, .yield = yield};

const heddle_presets presets = {
    .size = sizeof(heddle_presets),
    .flags = 0,
    .next_thread_id = next_thread_id,
    .scope_running = scope_running,
    .set_thread_info = set_thread_info,
};

}  // namespace heddle::adapter
