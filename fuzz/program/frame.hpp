// Bodies that run: each waits, in a call of the runtime, for what its thread is told to do next.
#pragma once

#include <heddle/subject.h>

#include <cstddef>
#include <string>
#include <vector>

namespace heddle::fuzz {

/// The way in which a body ends.
struct Ending {
  enum class Kind { nothing, value, panic, literal, string, resume };
  Kind kind = Kind::nothing;
  heddle_cookie value = 0;  ///< of value, panic and resume

  bool panics() const { return kind != Kind::nothing && kind != Kind::value; }
  /// Returns whether the panic hook runs.
  bool calls_hook() const { return panics() && kind != Kind::resume; }

  heddle_outcome outcome() const;
  std::string words() const;
};

/// What a runtime runs a body in.
enum class FrameKind { thread, scope, caught, access };

/// One running body. Its address stays the same.
struct Frame {
  FrameKind kind;
  std::size_t actor;
  heddle_cookie env = 0;
  void* argument = nullptr;   ///< of a scope: the scope
  std::uint32_t storage = 0;  ///< of an access
  std::uint32_t slot = 0;
  std::vector<heddle_cookie> locals{};  ///< with what the bodies below them captured
  std::vector<std::size_t> threads{};   ///< of a scope: all that were spawned in it

  // Written on the actor's thread, and read when the actor is idle.
  bool begun = false;
  bool over = false;
  heddle_outcome ending{};
  bool left = false;  ///< the call has returned, with `outcome`
  heddle_outcome outcome{};
};

}  // namespace heddle::fuzz
