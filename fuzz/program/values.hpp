// The values of a program: who has each, and where it died.
#pragma once

#include <heddle/subject.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>

namespace heddle::fuzz {

struct Frame;

/// All values of one program, by their cookies. What was seen of a value is noted on any thread;
/// what is expected of it, while nothing else happens to it.
class Values {
 public:
  static constexpr std::size_t most = 512;

  /// Forgets the values of the program before. Their cookies are not given again.
  void begin();

  /// Returns how many values have been made.
  std::size_t made() const { return made_.load(); }

  heddle_cookie make(std::string name);

  /// Makes what a body has captured.
  heddle_cookie make_for(Frame& frame);
  Frame& frame_of(heddle_cookie env);

  /// A value of a lazy thread local knows its slot.
  void set_slot(heddle_cookie cookie, std::size_t slot) { life_of(cookie).slot = slot; }
  std::optional<std::size_t> slot_of(heddle_cookie cookie) { return life_of(cookie).slot; }

  std::string name_of(heddle_cookie cookie) { return life_of(cookie).name; }

  /// Notes that the value dies on the calling thread, or that a call handed it back.
  void dropped(heddle_cookie cookie);
  void came_back(heddle_cookie cookie);

  /// Says that the value is dead by now, and on which actor's thread it died. 0 stands for no
  /// value.
  void expect_dropped(heddle_cookie cookie, std::size_t actor);

  /// Fails the program unless each value is what it should be: alive, dead, or handed back.
  void check();

 private:
  static constexpr heddle_cookie first_of_all = heddle_cookie(1) << 32;
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

  struct Life {
    std::string name;
    Frame* frame = nullptr;
    std::optional<std::size_t> slot;
    std::atomic<int> ends = 0;  // drops and returns
    std::atomic<std::size_t> dropped_on = nowhere;
    bool is_back = false;
    std::size_t to_be_dropped_on = nowhere;
  };

  Life& life_of(heddle_cookie cookie);

  heddle_cookie first_ = first_of_all;
  std::atomic<std::size_t> made_ = 0;
  std::array<Life, most> lives_;
};

}  // namespace heddle::fuzz
