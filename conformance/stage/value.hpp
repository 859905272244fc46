// Values that the suite hands to a subject and follows through it.
//
// A value crosses the ABI as a cookie. From then on the subject owns it, and reports when it dies.
// A Value here is a reference: it may be copied into any closure and outlive any frame.
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace heddle::conformance {

class Value;

/// The way in which a body, an initialiser, a drop or a hook ends.
struct Ending {
  heddle_outcome outcome{};
};

/// A value whose life is followed: a result, a payload, a local, a thread-local value, or what a
/// closure captured.
class Value {
 public:
  explicit Value(heddle_cookie cookie = 0) : cookie_(cookie) {}

  heddle_cookie cookie() const { return cookie_; }
  std::string name() const;

  /// Returns how often its owner has been destroyed. A second time is a failure at once.
  std::uint64_t drops() const;
  /// Returns the thread on which its owner was destroyed; 0 while it lives.
  std::uint32_t dropped_on() const;
  /// Returns whether the value came out of the subject again, through join or the like.
  bool handed_back() const;
  /// Returns the address of the owner when it was destroyed.
  const void* dropped_at() const;

  /// Sets what its owner's destructor does after the drop is counted; it may panic. Call it before
  /// the value is handed over.
  Value when_dropped(std::function<Ending()> action) const;

  friend bool operator==(Value, Value) = default;

 private:
  heddle_cookie cookie_;
};

/// Makes a new value.
Value value(std::string_view name);

/// A scope of the subject, valid inside its body and its threads.
struct Scope {
  void* scope = nullptr;
};

/// A function that can be a closure's body. It takes nothing, or the argument that the call hands
/// it: a scope, or the address of a thread local's value.
template <class Body>
concept ClosureBody = std::is_invocable_r_v<Ending, Body> ||
    std::is_invocable_r_v<Ending, Body, Scope> || std::is_invocable_r_v<Ending, Body, void*>;

/// A body, together with the value that stands for what it captured.
class Closure {
 public:
  /// Makes a closure with the name "closure".
  template <ClosureBody Body>
  Closure(Body body);  // NOLINT(google-explicit-constructor): a lambda is a closure

  Closure(std::string_view name, std::function<Ending(void*)> body);

  /// Returns the value that stands for what the closure captured.
  Value captured() const { return captured_; }

  std::uint64_t runs() const;
  /// Returns the thread on which the body last began to run; 0 before.
  std::uint32_t ran_on() const;

 private:
  Value captured_;
};

/// Makes a closure with a name for the log.
template <ClosureBody Body>
Closure closure(std::string_view name, Body body);

/// @name Ways to end
/// @{
Ending returns();
Ending returns(Value value);
Ending panics(Value payload);
Ending panics(std::string_view static_text);
/// Panics with text that the payload owns.
Ending panics_with_string(std::string_view static_text);
/// Panics without running the hook.
Ending resumes(Value payload);
/// Makes `local` a local object of the subject, runs `next` below it, and ends as `next` does.
Ending enters(Value local, const Closure& next);
/// @}

/// Returns at once: the body of a thread that only has to exist.
Ending nothing_to_do();

/// Runs a closure. The subject calls this function.
void run_closure(heddle_cookie env, void* argument, heddle_outcome* out);

/// Returns the value at the address that an access to a thread local hands to its body.
Value value_at(const void* address);

/// Records that the subject has handed the value back.
void received(heddle_cookie cookie);

/// Returns what the suite offers to the subject; valid until the process is gone.
const heddle_host& host();

/// Sets the initialiser of a thread-local slot. Call it before the slot's first access. A slot
/// without one starts as a new value.
void set_initialiser(std::uint32_t storage, std::uint32_t slot,
                     std::function<Ending()> initialiser);

/// Sets what the destructor of a static key does with a thread's pointer.
void set_key_destructor(std::uint32_t slot, std::function<void(void*)> action);

/// Sets what the suite's panic hook does.
void set_hook_action(std::function<Ending(std::string_view message)> action);

/// @cond
std::function<Ending(void*)> without_argument(std::function<Ending()> body);
std::function<Ending(void*)> in_scope(std::function<Ending(Scope)> body);

template <ClosureBody Body>
Closure closure(std::string_view name, Body body) {
  if constexpr (std::is_invocable_r_v<Ending, Body, void*>) {
    return Closure(name, std::function<Ending(void*)>(std::move(body)));
  } else if constexpr (std::is_invocable_r_v<Ending, Body, Scope>) {
    return Closure(name, in_scope(std::move(body)));
  } else {
    return Closure(name, without_argument(std::move(body)));
  }
}

template <ClosureBody Body>
Closure::Closure(Body body) : Closure(closure("closure", std::move(body))) {}
/// @endcond

}  // namespace heddle::conformance
