// Thread locals: eight slots of each kind that the reference has.
#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "outcomes.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

heddle_cookie initial(std::uint32_t storage, std::uint32_t slot) {
  heddle_outcome out{};
  host().tls_initial(storage, slot, &out);
  return settle(out);
}

// The variables. Each instance of the template declares its own.
template <std::uint32_t slot>
struct Slots {
  static HEDDLE_THREAD_LOCAL(lazy, Value(initial(HEDDLE_STORAGE_LAZY, slot)));
  static HEDDLE_THREAD_LOCAL(lazy_plain, initial(HEDDLE_STORAGE_LAZY_PLAIN, slot));
  static HEDDLE_THREAD_LOCAL_CONST(constant,
                                   Value(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, slot)));
  static HEDDLE_THREAD_LOCAL_CONST(constant_plain,
                                   heddle_cookie(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST_PLAIN,
                                                                     slot)));
  static HEDDLE_THREAD_LOCAL(cell, Cell<Value>(Value(initial(HEDDLE_STORAGE_CELL, slot))));
  static HEDDLE_THREAD_LOCAL(refcell, RefCell<Value>(Value(initial(HEDDLE_STORAGE_REFCELL, slot))));
  static HEDDLE_THREAD_LOCAL_OS(os, Value(initial(HEDDLE_STORAGE_OS, slot)));
  static HEDDLE_THREAD_LOCAL_OS(os_plain, initial(HEDDLE_STORAGE_OS_PLAIN, slot));
};

// Runs the closure and drops it, both while the access lasts. Writes into `result` for the same
// reason as Closure.
void finish(Closure closure, void* address, Value& result) {
  result = closure.run(address);
}

template <class T>
void visit(T& value, Closure& closure, Value& result) {
  finish(std::move(closure), &value, result);
}
void visit(Cell<Value>& cell, Closure& closure, Value& result) {
  finish(std::move(closure), cell.as_ptr(), result);
}
void visit(RefCell<Value>& cell, Closure& closure, Value& result) {
  const auto borrow = cell.borrow();  // a conflicting borrow in the body must panic
  finish(std::move(closure), const_cast<Value*>(&*borrow), result);
}

// The functions for one variable. The last three are null if the variable is not a cell.
struct Access {
  void (*with)(Closure& closure, Value& result);
  bool (*try_with)(Closure& closure, Value& result);
  void (*set)(Value value);
  Value (*replace)(Value value);
  Value (*take)();
};

template <const auto& key>
constexpr Access access() {
  Access all{
      .with = [](Closure& closure,
                 Value& result) { key.with([&](auto& value) { visit(value, closure, result); }); },
      .try_with =
          [](Closure& closure, Value& result) {
            return key.try_with([&](auto& value) { visit(value, closure, result); }).has_value();
          },
      .set = nullptr,
      .replace = nullptr,
      .take = nullptr,
  };
  if constexpr (requires { key.take(); }) {
    all.set = [](Value value) { key.set(std::move(value)); };
    all.replace = [](Value value) { return key.replace(std::move(value)); };
    all.take = [] { return key.take(); };
  }
  return all;
}

constexpr std::size_t slots = HEDDLE_MAXIMUM_SLOTS;
using Table = std::array<std::array<Access, slots>, HEDDLE_STORAGES>;

// In the order of heddle_storage.
template <std::size_t... slot>
constexpr Table all_slots(std::index_sequence<slot...> /*numbers*/) {
  return {{{{access<Slots<slot>::lazy>()...}},
           {{access<Slots<slot>::lazy_plain>()...}},
           {{access<Slots<slot>::constant>()...}},
           {{access<Slots<slot>::constant_plain>()...}},
           {{access<Slots<slot>::cell>()...}},
           {{access<Slots<slot>::refcell>()...}},
           {{access<Slots<slot>::os>()...}},
           {{access<Slots<slot>::os_plain>()...}}}};
}
constexpr Table table = all_slots(std::make_index_sequence<slots>());

void with(std::uint32_t storage, std::uint32_t slot, heddle_body body, heddle_cookie env,
          heddle_outcome* out) {
  call(out, [&] {
    Value result;
    Closure closure(body, env);
    table.at(storage).at(slot).with(closure, result);
    return returned(result.release());
  });
}

void try_with(std::uint32_t storage, std::uint32_t slot, heddle_body body, heddle_cookie env,
              heddle_outcome* out) {
  call(out, [&] {
    Value result;
    Closure closure(body, env);
    return table.at(storage).at(slot).try_with(closure, result) ? returned(result.release())
                                                                : no_access();
  });
}

void set(std::uint32_t storage, std::uint32_t slot, heddle_cookie value, heddle_outcome* out) {
  call(out, [&] {
    table.at(storage).at(slot).set(Value(value));
    return returned();
  });
}

void replace(std::uint32_t storage, std::uint32_t slot, heddle_cookie value, heddle_outcome* out) {
  call(out, [&] {
    Value old = table.at(storage).at(slot).replace(Value(value));
    return returned(old.release());
  });
}

void take(std::uint32_t storage, std::uint32_t slot, heddle_outcome* out) {
  call(out, [&] {
    Value old = table.at(storage).at(slot).take();
    return returned(old.release());
  });
}

}  // namespace

const heddle_tls tls = {
    .size = sizeof(heddle_tls),
    .flags = 0,
    .slots = {slots, slots, slots, slots, slots, slots, slots, slots},
    .with = with,
    .try_with = try_with,
    .set = set,
    .replace = replace,
    .take = take,
};

}  // namespace heddle::adapter
