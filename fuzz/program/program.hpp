// A program of calls to the reference, each compared with the suite's models.
#pragma once

#include <heddle/subject.h>

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "input.hpp"
#include "models/cell_model.hpp"
#include "models/parker_model.hpp"
#include "models/thread_local_model.hpp"
#include "models/thread_results_model.hpp"
#include "program/actor.hpp"
#include "program/frame.hpp"
#include "program/values.hpp"

namespace heddle::fuzz {

/// A thread of the program, what it runs, and the models of what belongs to it.
struct Being {
  explicit Being(std::size_t number) : actor(number) {}

  Actor actor;
  std::vector<std::unique_ptr<Frame>> frames{};  // the innermost last
  bool runs = true;
  std::optional<std::string> name{};
  std::optional<std::uint64_t> id{};
  void* handle = nullptr;  // of a spawned thread whose handle was not eaten yet
  Frame* scope = nullptr;  // in which it was spawned; null: in none
  std::size_t scope_owner = 0;
  Ending ending{};
  bool joined = false;
  conformance::ParkerModel token{};
  conformance::ThreadLocalModel locals{conformance::DestructionOrder::youngest_first,
                                       conformance::Registration::before_initialiser};
  std::array<std::array<conformance::CellModel, 2>, HEDDLE_STORAGES> cells{};
};

/// A thread handle that the program holds.
struct Handle {
  void* pointer;
  std::size_t being;
};

/// A value of a key, told by its address.
struct KeyValue {
  std::size_t being;
  std::size_t died_on = static_cast<std::size_t>(-1);
  std::size_t to_die_on = static_cast<std::size_t>(-1);
};

/// A key and what each thread has in it.
struct Key {
  void* handle = nullptr;
  bool has_destructor = true;
  std::map<std::size_t, KeyValue*> values{};
};

/// One program. It takes a step after the other from its input, and leaves out those that are not
/// possible at that moment: a call that a lawful runtime could block in, or that subject.h forbids.
class Program {
 public:
  Program(const heddle_subject_table& subject, std::string_view input);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// Plays the program to its end: when all its threads are gone, and all that they had.
  void play();

  /// What the runtime asks of the host; on any thread.
  void run_body(heddle_cookie env, void* argument, heddle_outcome* out);
  void dropped(heddle_cookie cookie);
  void initial(std::uint32_t storage, std::uint32_t slot, heddle_outcome* out);
  void key_value_dies(void* value);
  void hook_runs() { ++hooks_seen_; }

 private:
  // program.cpp
  void step();
  void finish();
  void check();
  std::size_t pick_running();
  void pause_step(Being& being, char kind);
  void expect(bool holds, std::string_view expected, const heddle_outcome& happened);
  void expect_returned(const heddle_outcome& out) {
    expect(out.tag == HEDDLE_RETURNED, "the call returns", out);
  }
  /// Makes a call on the being's thread that returns without running a body of the program's.
  heddle_outcome call(Being& being, const std::function<void(heddle_outcome*)>& function);
  void expect_ending(const Ending& ending, std::uint32_t panic_tag, const heddle_outcome& out);
  Being& other_than(const Being& being);

  // threads.cpp
  void spawn_step(Being& spawner, bool scoped);
  void end_step(Being& being);
  void join_step(Being& caller);
  void drop_join_handle_step(Being& caller);
  void is_finished_step(Being& caller);
  void thread_of_step(Being& caller);
  std::optional<std::size_t> pick_joinable(const Being& caller);
  void join(Being& caller, Being& joined, bool race);
  void drop_join_handle(Being& caller, Being& dropped);
  void close_inner_frames(Being& being);
  void begin_to_end(Being& being);
  void end(Being& being);
  void reap(Being& being);
  void expect_fate(const Being& being, std::size_t dropper);
  bool is_below(const Being& being, const Being& owner) const;
  static std::vector<Frame*> scopes_of(const Being& being);

  // frames.cpp
  void enter_step(Being& being, FrameKind kind);
  void local_step(Being& being);
  void leave_step(Being& being);
  void leave(Being& being, const Ending& ending);
  void prepare_to_leave_scope(Being& owner, const Frame& scope);
  void expect_scope_ending(const Frame& scope, const Ending& ending);
  void expect_frame_is_gone(const Frame& frame);
  Ending an_ending();

  // handles.cpp
  void add_handle(const heddle_outcome& out, std::size_t being);
  void current_step(Being& caller);
  void handle_step(Being& caller, char kind);
  void park_step(Being& caller);
  void awaited_park_step(Being& caller);
  void give_handles_back(Being& caller);

  // locals.cpp
  void touch_step(Being& being);
  void script_step();
  void cell_step(Being& being, char kind);
  void visit(Being& being, std::size_t slot);
  void touch_all(Being& being, unsigned slots);
  void initialise_local(std::size_t slot, heddle_outcome* out);
  void destroy_local(std::size_t slot, heddle_cookie cookie);
  std::optional<heddle_cookie> try_read(std::uint32_t storage, std::uint32_t slot);
  void note_constant(Being& being, std::size_t slot);
  static bool is_borrowed(const Being& being, std::uint32_t storage, std::uint32_t slot);

  // keys.cpp
  void begin_keys();
  void key_step(Being& being, bool sets);
  void static_key_step(Being& being, bool sets);
  void expect_key_values_dead(const Being& being);
  void check_key_values() const;
  KeyValue* new_key_value(Being& being);

  const heddle_subject_table& subject_;
  Input input_;
  Values values_;
  std::vector<std::unique_ptr<Being>>
      beings_;  // the first is a thread that the runtime did not start
  std::thread root_;
  conformance::ThreadResultsModel results_;  // of all beings but the first
  std::vector<Handle> handles_;
  std::atomic<std::size_t> hooks_seen_ = 0;
  std::size_t hooks_expected_ = 0;
  std::array<unsigned, conformance::ThreadLocalModel::slot_count> initialiser_touches_{};
  std::array<unsigned, conformance::ThreadLocalModel::slot_count> destructor_touches_{};
  std::array<Key, 2> keys_;
  std::array<Key, HEDDLE_MAXIMUM_SLOTS> static_keys_;
  std::vector<std::unique_ptr<KeyValue>> key_values_;
};

/// What the runtime calls: the body of every frame, and the destructor of every key. Both serve the
/// program that is being played.
void body_of_the_program(heddle_cookie env, void* argument, heddle_outcome* out);
void key_destructor(void* value);

}  // namespace heddle::fuzz
