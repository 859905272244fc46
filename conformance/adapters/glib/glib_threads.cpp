// GLib's threads as a subject: GThread, whose handles are counted references, and GPrivate. A
// GThread hands over a pointer that has no destructor, so a value whose thread nobody joins would
// leak: the adapter carries none.
#include <glib.h>

#include <array>
#include <heddle/adapter.hpp>

namespace heddle::glib {
namespace {

gpointer run(gpointer argument) {
  const auto closure = kit::take<kit::Closure>(argument);
  const kit::Value value = (*closure)();
  return nullptr;
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    auto closure = std::make_unique<kit::Closure>(body, env);
    if (builder != nullptr && builder->count > 0) {
      kit::write_failure(0, "a GThread's name cannot be read, and it has no stack size", outcome);
      return;
    }
    GError* error = nullptr;
    outcome.handle = g_thread_try_new(nullptr, run, closure.get(), &error);
    if (outcome.handle != nullptr) {
      static_cast<void>(closure.release());  // the thread's now
      return;
    }
    kit::write_failure(0, error->message, outcome);
    g_error_free(error);
  });
}

GThread* thread_in(void* handle) {
  return static_cast<GThread*>(handle);
}

void join(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { g_thread_join(thread_in(handle)); });
}

// Gives back a join handle or a thread handle.
void drop(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { g_thread_unref(thread_in(handle)); });
}

// Returns a thread handle from a join handle or another thread handle.
void clone(void* handle, heddle_outcome* out) {
  kit::call(out,
            [&](heddle_outcome& outcome) { outcome.handle = g_thread_ref(thread_in(handle)); });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = 0,
    .spawn = spawn,
    .spawn_or_panic = nullptr,
    .join = join,
    .detach = drop,
    .forget = nullptr,
    .is_finished = nullptr,
    .thread = clone,
    .as_native = nullptr,
    .into_native = nullptr,
};

void current(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome& outcome) { outcome.handle = g_thread_ref(g_thread_self()); });
}

constexpr heddle_threads threads_table = {
    .size = sizeof(heddle_threads),
    .flags = 0,
    .current = current,
    .clone = clone,
    .drop = drop,
    .id = nullptr,
    .name = nullptr,
    .unpark = nullptr,
};

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    const auto time =
        std::chrono::ceil<std::chrono::microseconds>(kit::duration_of(seconds, nanoseconds));
    g_usleep(static_cast<gulong>(time.count()));
  });
}

void yield(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { g_thread_yield(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = 0, .sleep = sleep, .yield = yield};

// A GPrivate is made by its first use.
constexpr std::uint32_t slot_count = HEDDLE_MAXIMUM_SLOTS;

template <std::uint32_t slot>
void destroy(gpointer value) {
  kit::suite->key_destructor(slot, value);
}

template <std::uint32_t... slots>
std::array<GPrivate, slot_count> all_keys(std::integer_sequence<std::uint32_t, slots...>) {
  return {GPrivate{nullptr, destroy<slots>, {nullptr, nullptr}}...};
}
std::array<GPrivate, slot_count> keys =
    all_keys(std::make_integer_sequence<std::uint32_t, slot_count>{});

void static_get(std::uint32_t slot, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) { outcome.handle = g_private_get(&keys.at(slot)); });
}

void static_set(std::uint32_t slot, void* value, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { g_private_set(&keys.at(slot), value); });
}

constexpr heddle_keys keys_table = {
    .size = sizeof(heddle_keys),
    .flags = 0,
    .static_slots = slot_count,
    .reserved = 0,
    .create = nullptr,
    .destroy = nullptr,
    .get = nullptr,
    .set = nullptr,
    .static_get = static_get,
    .static_set = static_set,
};

#define HEDDLE_VERSION_OF(major, minor, micro) HEDDLE_DOTTED(major, minor, micro)
#define HEDDLE_DOTTED(major, minor, micro) #major "." #minor "." #micro

constexpr heddle_subject_table subject_table = [] {
  heddle_subject_table table = kit::subject_named(
      "GLib", HEDDLE_VERSION_OF(GLIB_MAJOR_VERSION, GLIB_MINOR_VERSION, GLIB_MICRO_VERSION));
  table.spawning = &spawning_table;
  table.threads = &threads_table;
  table.pausing = &pausing_table;
  table.keys = &keys_table;
  return table;
}();

}  // namespace
}  // namespace heddle::glib

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  return heddle::kit::enter(host, heddle::glib::subject_table);
}
