// Programs over several slots of one thread, compared with the model of a slot's states. Slots are
// touched in any order, and initialisers and destructors touch other slots.
#include <fmt/format.h>

#include <memory>

#include "models/thread_local_model.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {
namespace {

constexpr std::uint32_t lazy_slots = 4;
constexpr std::uint32_t all_slots = ThreadLocalModel::slot_count;
// Mechanisms that run destructors in rounds limit the rounds: POSIX promises four.
constexpr unsigned generations_that_touch = 2;

Slot slot_of(std::uint32_t number) {
  return number < lazy_slots ? lazy_slot(number) : const_slot(number - lazy_slots);
}

bool is_offered(std::uint32_t number) {
  return slot_of(number).number < slots_of(slot_of(number).storage);
}

enum class SlotAction : std::uint8_t { touch, initialiser_touches, destructor_touches };

// `initialiser_touches` and `destructor_touches` change the slot's script: each time the slot's
// initialiser, or its value's destructor, runs, it touches `other`.
struct SlotStep {
  SlotAction action;
  std::uint8_t slot;
  std::uint8_t other;
};

std::string words_for(std::uint32_t number) {
  return number < lazy_slots ? fmt::format("lazy slot {}", number)
                             : fmt::format("constant slot {}", number - lazy_slots);
}

std::string describe(const SlotStep& step) {
  switch (step.action) {
    case SlotAction::touch:
      return "touch " + words_for(step.slot);
    case SlotAction::initialiser_touches:
      return fmt::format("the initialiser of {} touches {}", words_for(step.slot),
                         words_for(step.other));
    default:
      return fmt::format("the destructor of {} touches {}", words_for(step.slot),
                         words_for(step.other));
  }
}

// An initialiser touches only slots of higher numbers: another clause asks about an initialiser
// that comes back to its own slot.
SlotStep without_recursion(SlotStep step) {
  if (step.action == SlotAction::initialiser_touches) {
    if (step.slot > step.other) {
      std::swap(step.slot, step.other);
    }
    if (step.slot == step.other || step.slot >= lazy_slots) {
      step.action = SlotAction::touch;
    }
  }
  return step;
}

rc::Gen<std::vector<SlotStep>> slot_programs() {
  // Generated at full size: at a small size, inRange keeps to the low end. All steps shrink towards
  // a touch.
  const auto below = [](int end) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int>(0, end));
  };
  const auto actions = rc::gen::map(below(6), [](int lot) {
    return lot < 3   ? SlotAction::touch
           : lot < 5 ? SlotAction::destructor_touches
                     : SlotAction::initialiser_touches;
  });
  const auto numbers = below(static_cast<int>(all_slots));
  const auto steps =
      rc::gen::map(rc::gen::tuple(actions, numbers, numbers),
                   [](const std::tuple<SlotAction, int, int>& fields) {
                     return without_recursion({std::get<0>(fields),
                                               static_cast<std::uint8_t>(std::get<1>(fields)),
                                               static_cast<std::uint8_t>(std::get<2>(fields))});
                   });
  return rc::gen::scale(0.3, rc::gen::container<std::vector<SlotStep>>(steps));
}

// One thread's run of a program. Used by that thread, and by its joiner afterwards.
class SlotPlay : public std::enable_shared_from_this<SlotPlay> {
 public:
  SlotPlay(std::span<const SlotStep> program, ThreadLocalModel model)
      : program_(program.begin(), program.end()), model_(std::move(model)) {}

  void prepare();
  void run();
  void conclude() const;

 private:
  void visit(std::uint32_t number);
  void touch_all(SlotAction when, std::uint32_t number);
  Value make(std::uint32_t number);
  void destroy(std::uint32_t number, Value value);

  std::vector<SlotStep> program_;
  ThreadLocalModel model_;
  std::uint32_t thread_ = 0;
};

void SlotPlay::prepare() {
  const auto self = shared_from_this();
  for (std::uint32_t number = 0; number < all_slots; ++number) {
    if (number < lazy_slots) {
      initialise(slot_of(number), [=] { return returns(self->make(number)); });
    } else {
      const Value constant(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, number - lazy_slots));
      constant.when_dropped([=] {
        self->destroy(number, constant);
        return returns();
      });
    }
  }
}

void SlotPlay::run() {
  thread_ = here();
  for (const SlotStep& step : program_) {
    if (step.action == SlotAction::touch) {
      visit(step.slot);
    }
  }
}

void SlotPlay::touch_all(SlotAction when, std::uint32_t number) {
  for (const SlotStep& step : program_) {
    if (step.action == when && step.slot == number) {
      visit(step.other);
    }
  }
}

// The initialiser of a lazy slot.
Value SlotPlay::make(std::uint32_t number) {
  expect(model_.begins_to_initialise(number),
         fmt::format("{} is initialised when it has no value", words_for(number)),
         "it was initialised while its value lived, died or had died");
  touch_all(SlotAction::initialiser_touches, number);
  const Value made = value(words_for(number));
  const auto self = shared_from_this();
  made.when_dropped([=] {
    self->destroy(number, made);
    return returns();
  });
  model_.initialised(number, made.cookie());
  return made;
}

// Called by the value's destructor.
void SlotPlay::destroy(std::uint32_t number, Value value) {
  expect_equal(here(), thread_, "the thread on which " + value.name() + " dies");
  const bool touches = model_.generation(number) <= generations_that_touch;
  expect(model_.begins_to_die(number, value.cookie()),
         fmt::format("the value of {} dies once, and in its turn", words_for(number)));
  if (touches) {
    touch_all(SlotAction::destructor_touches, number);
  }
  model_.has_died(number);
}

void SlotPlay::visit(std::uint32_t number) {
  const Access access = model_.predict(number);
  const bool may_be_refused = access == Access::no_access || access == Access::no_access_or_anew;
  const bool can_tell = offers(subject(), Feature::tls_access_error);
  if (!is_offered(number) || (may_be_refused && !can_tell)) {
    return;
  }
  if (number >= lazy_slots && access == Access::initialises) {
    static_cast<void>(model_.begins_to_initialise(number));  // predicted just above
    model_.initialised(number, HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, number - lazy_slots));
  }
  const auto found = can_tell ? try_read(slot_of(number)) : std::optional(read(slot_of(number)));
  if (!found) {
    expect(may_be_refused, fmt::format("an access to {} finds its value", words_for(number)),
           "it was refused");
    return;
  }
  expect(access != Access::no_access, fmt::format("an access to {} is refused", words_for(number)),
         "it found " + found->name());
  if (number >= lazy_slots && access == Access::no_access_or_anew) {
    static_cast<void>(model_.begins_to_initialise(number));  // allowed: just predicted
    model_.initialised(number, found->cookie());
  }
  expect(model_.is_alive(number) && found->cookie() == model_.value_of(number),
         fmt::format("an access to {} finds its latest value", words_for(number)),
         "it found " + found->name());
}

void SlotPlay::conclude() const {
  expect(model_.all_dead(), "every value has died when its thread is gone", "one still lives");
  for (std::uint32_t number = lazy_slots; number < all_slots; ++number) {
    const Value constant(HEDDLE_CONST_COOKIE(HEDDLE_STORAGE_CONST, number - lazy_slots));
    expect_equal(constant.drops(), model_.born(number), "drops of " + constant.name());
  }
}

void play(std::span<const SlotStep> program, ThreadLocalModel model) {
  const auto run = std::make_shared<SlotPlay>(program, std::move(model));
  run->prepare();
  on_ended_thread([=] { run->run(); });
  run->conclude();
}

const auto slots_follow_the_model =
    clause("TLS-314")
        .must(
            "Whatever touches a slot (a body, an initialiser, a destructor), it finds the slot's "
            "one value, or none while that is being destroyed; and each value dies once, on its "
            "thread, as it ends.")
        .source(
            "Rust documentation, std::thread; "
            "Rust documentation, std::thread::LocalKey",
            "A thread-local key owns the value it contains and will destroy the value when the "
            "thread exits.")
        .needs({Feature::tls_lazy, Feature::spawn, Feature::join})
        .property<SlotStep>(slot_programs(), [](std::span<const SlotStep> program) {
          play(program, ThreadLocalModel());
        });

const auto youngest_dies_first =
    clause("TLS-140")
        .profile(everywhere,
                 "Values, including those made in destructors, die in the reverse order of "
                 "their registration, and a destroyed slot stays destroyed.")
        .source(
            "Rust 1.63, library/std/src/sys/unix/thread_local_dtor.rs: register_dtor; "
            "Rust 1.95, library/std/src/sys/thread_local/destructors/linux_like.rs: register; "
            "glibc 2.36, stdlib/cxa_thread_atexit_impl.c: __call_tls_dtors")
        .needs({Feature::tls_lazy, Feature::tls_access_error, Feature::spawn, Feature::join})
        .property<SlotStep>(
            slot_programs(),
            [](std::span<const SlotStep> program) {
              const auto registration =
                  by_profile<Registration>({{"rust-1.63..1.79", Registration::before_initialiser},
                                            {"rust-1.80..", Registration::after_initialiser},
                                            {"heddle", Registration::before_initialiser}});
              play(program, ThreadLocalModel(DestructionOrder::youngest_first, registration));
            },
            {{SlotAction::touch, 0, 0}, {SlotAction::touch, 1, 1}});

}  // namespace
}  // namespace heddle::conformance
