// heddle/adapter.hpp: a kit for adapters in C++17 and later: what every adapter needs around the
// tables of subject.h, so that its author writes only what the runtime differs in.
//
// A cookie of the suite's is a `Value`, a body with its environment a `Closure`, and a panic is an
// exception. Every function of a table is written as
//
//     void join(void* handle, heddle_outcome* out) {
//       kit::call(out, [&](heddle_outcome& outcome) { ... outcome.value = ...; });
//     }
//
// so that no exception leaves it, and the outcome is written after everything that it owned is
// gone.
//
// Everything here may be used by any thread, except that one object is one thread's at a time.
#pragma once

#include <heddle/subject.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#ifdef __GLIBCXX__
#include <cxxabi.h>
#endif

namespace heddle::kit {

/// The suite; set by `enter`, before anything else of the subject runs, and valid until the process
/// is gone.
inline const heddle_host* suite = nullptr;

// ---- Values -------------------------------------------------------------------------------------

/// Throws the panic that an outcome of the suite's asks for; returns if it asks for none. There is
/// no hook in C++, so PANICKED and RESUMED are the same.
inline void settle(const heddle_outcome& outcome);

/// Owns a cookie and reports its death to the suite, which may ask for a panic in answer.
template <bool throws>
class Owner {
 public:
  constexpr explicit Owner(heddle_cookie cookie = 0) noexcept : cookie_(cookie) {}
  Owner(Owner&& other) noexcept : cookie_(other.release()) {}
  /// Drops what was here before.
  Owner& operator=(Owner&& other) noexcept(!throws) {
    const Owner dropped{std::exchange(cookie_, other.release())};
    return *this;
  }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  // A panic out of a Value ends in std::terminate, as C++ promises, and the clause sees that.
  ~Owner() noexcept(!throws) {  // NOLINT(bugprone-exception-escape)
    if (cookie_ != 0) {
      heddle_outcome outcome{};
      suite->dropped(cookie_, &cookie_, &outcome);
      settle(outcome);
    }
  }

  /// Takes over a cookie. The owner must be empty.
  void adopt(heddle_cookie cookie) noexcept { cookie_ = cookie; }
  /// Gives up the cookie, without reporting a death: the suite's again, as `outcome.value`.
  heddle_cookie release() noexcept { return std::exchange(cookie_, 0); }
  /// Returns the address of the number, for accesses to thread locals.
  void* address() noexcept { return &cookie_; }

 private:
  heddle_cookie cookie_;
};

/// What a library may store: a thread's closure, a result, an exception, a thread local. It dies
/// where an exception means std::terminate, as most types demand of what they hold.
using Value = Owner<false>;
/// What lives on a stack of the adapter's own: its destructor throws the panic that is asked for.
using Local = Owner<true>;

/// Drops a value on the calling thread, and throws the panic that its drop asks for. It is the way
/// out of types that forbid a throwing destructor: call it on what they hold before they die.
inline void drop(Value&& value) {
  const Local dropped{value.release()};
}

// ---- Panics -------------------------------------------------------------------------------------

/// The exception for opaque payloads. Exceptions must be copyable, so the owner is shared.
struct OpaquePanic {
  std::shared_ptr<Value> owner;
};
/// The exception for static text. Text that the payload owns is a std::string.
struct LiteralPanic {
  std::string_view text;
};

inline void settle(const heddle_outcome& outcome) {
  if (outcome.tag == HEDDLE_RETURNED) {
    return;
  }
  const std::string_view text{outcome.text, outcome.text_length};
  switch (outcome.payload) {
    case HEDDLE_PAYLOAD_OPAQUE:
      throw OpaquePanic{std::make_shared<Value>(outcome.value)};
    case HEDDLE_PAYLOAD_LITERAL:
      throw LiteralPanic{text};
    case HEDDLE_PAYLOAD_STRING:
      throw std::string{text};
    default:
      throw std::invalid_argument{"the suite asked for a panic with an unknown payload"};
  }
}

/// Writes text into the outcome; the suite keeps a copy.
inline void write_text(std::string_view text, heddle_outcome& outcome) {
  outcome.text = suite->keep_text(text.data(), text.size());
  outcome.text_length = text.size();
}

/// Writes that the system or the runtime refused: its errno, or 0 for none, and why.
inline void write_failure(int os_error, std::string_view text, heddle_outcome& outcome) {
  outcome.tag = HEDDLE_FAILED;
  outcome.os_error = os_error;
  write_text(text, outcome);
}

/// Writes the current exception as a panic with this tag, CAUGHT or PANICKED. Call it in a catch
/// block. Rethrows a forced unwind (pthread_exit, cancellation): stopping one ends the process.
inline void write_exception(heddle_tag tag, heddle_outcome& outcome) {
  outcome.tag = tag;
  try {
    throw;
#ifdef __GLIBCXX__  // other libraries stop a forced unwind at no catch
  } catch (const abi::__forced_unwind&) {
    throw;
#endif
  } catch (const OpaquePanic& panic) {
    outcome.payload = HEDDLE_PAYLOAD_OPAQUE;
    outcome.value = panic.owner->release();
  } catch (const LiteralPanic& panic) {
    outcome.payload = HEDDLE_PAYLOAD_LITERAL;
    write_text(panic.text, outcome);
  } catch (const std::string& panic) {
    outcome.payload = HEDDLE_PAYLOAD_STRING;
    write_text(panic, outcome);
  } catch (const std::exception& exception) {
    outcome.payload = HEDDLE_PAYLOAD_FOREIGN;
    write_text(exception.what(), outcome);
  } catch (...) {
    outcome.payload = HEDDLE_PAYLOAD_FOREIGN;
  }
}

/// Runs one call of a table: `work` gets the outcome to fill in. An exception out of it becomes
/// PANICKED.
template <class Work>
void call(heddle_outcome* out, Work work) {
  heddle_outcome outcome{};
  try {
    work(outcome);
  } catch (...) {
    outcome = {};
    write_exception(HEDDLE_PANICKED, outcome);
  }
  *out = outcome;
}

// ---- Bodies -------------------------------------------------------------------------------------

/// A body of the suite's with what it has captured, to be moved to where it runs. If it never runs,
/// what it has captured dies with it.
class Closure {
 public:
  Closure(heddle_body body, heddle_cookie env) noexcept : body_(body), env_(env) {}

  /// Runs the body, once. Returns its value, or throws its panic. What it has captured is dropped
  /// before this ends.
  Value operator()(void* argument = nullptr) {
    return Value{complete(body_, env_.release(), argument)};
  }

 private:
  static heddle_cookie complete(heddle_body body, heddle_cookie env, void* argument) {
    Value value;
    {
      const Local captured{env};
      heddle_outcome outcome{};
      body(env, argument, &outcome);
      if (outcome.tag == HEDDLE_ENTER) {
        const Local local{outcome.value};
        value.adopt(complete(outcome.next, outcome.next_env, argument));
      } else {
        settle(outcome);
        value.adopt(outcome.value);
      }
    }  // if a destructor throws here, the value still has an owner that reports its death
    return value.release();
  }

  heddle_body body_;
  Value env_;
};

// ---- Arguments ----------------------------------------------------------------------------------

/// What a thread to be spawned is asked to have.
struct Settings {
  std::optional<std::string_view> name;     ///< static, and UTF-8
  std::optional<std::uint64_t> stack_size;  ///< bytes
};

/// Reads a builder, which may be null: of two settings of a kind the later counts.
inline Settings settings_of(const heddle_builder* builder) {
  Settings settings;
  for (std::size_t index = 0; builder != nullptr && index < builder->count; ++index) {
    const heddle_setting& setting = builder->settings[index];
    if (setting.kind == HEDDLE_SETTING_NAME) {
      settings.name = std::string_view{setting.text, static_cast<std::size_t>(setting.number)};
    } else if (setting.kind == HEDDLE_SETTING_STACK_SIZE) {
      settings.stack_size = setting.number;
    }
  }
  return settings;
}

/// Returns a time of the suite's as a duration. Nanoseconds hold at most 292 years; a longer time
/// becomes 146, which leaves room to add it to the time of a clock.
constexpr std::chrono::nanoseconds duration_of(std::uint64_t seconds, std::uint32_t nanoseconds) {
  constexpr auto longest = std::chrono::nanoseconds::max() / 2;
  constexpr auto whole = std::chrono::duration_cast<std::chrono::seconds>(longest).count();
  return seconds < static_cast<std::uint64_t>(whole)
             ? std::chrono::seconds{seconds} + std::chrono::nanoseconds{nanoseconds}
             : longest;
}

// ---- Handles ------------------------------------------------------------------------------------

/// Returns a handle of the suite's that owns the object.
template <class Object>
void* give(Object object) {
  return new Object(std::move(object));
}

/// Returns the object of a handle that stays.
template <class Object>
Object& borrow(void* handle) {
  return *static_cast<Object*>(handle);
}

/// Returns the object of a handle that the call eats.
template <class Object>
std::unique_ptr<Object> take(void* handle) {
  return std::unique_ptr<Object>{static_cast<Object*>(handle)};
}

// ---- Tables -------------------------------------------------------------------------------------

/// heddle_panics.catch_unwind, with exceptions.
inline void catch_unwind(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&](heddle_outcome& outcome) {
    try {
      outcome.value = Closure{body, env}().release();
    } catch (...) {
      write_exception(HEDDLE_CAUGHT, outcome);
    }
  });
}

/// heddle_panics.panicking, with exceptions.
inline void panicking(heddle_outcome* out) {
  call(out, [](heddle_outcome& outcome) { outcome.value = std::uncaught_exceptions() > 0; });
}

/// The language's exceptions as a table of panics.
inline constexpr heddle_panics exceptions = {
    sizeof(heddle_panics), HEDDLE_TYPED_PAYLOADS, catch_unwind, panicking, nullptr, nullptr};

/// Returns a subject's table that offers nothing yet: fill in what the runtime has. Both texts are
/// static.
constexpr heddle_subject_table subject_named(const char* name, const char* version) {
  heddle_subject_table table{};
  table.major = HEDDLE_ABI_MAJOR;
  table.minor = HEDDLE_ABI_MINOR;
  table.size = sizeof(heddle_subject_table);
  table.outcome_size = sizeof(heddle_outcome);
#if defined(__SANITIZE_THREAD__)
  table.flags = HEDDLE_BUILT_WITH_TSAN;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  table.flags = HEDDLE_BUILT_WITH_TSAN;
#endif
#endif
  table.name = name;
  table.version = version;
  table.profile = "";
  return table;
}

/// What heddle_subject returns: the table, or null for a suite with another major version.
inline const heddle_subject_table* enter(const heddle_host* host,
                                         const heddle_subject_table& table) {
  if (host->major != HEDDLE_ABI_MAJOR) {
    return nullptr;
  }
  suite = host;
  return &table;
}

}  // namespace heddle::kit
