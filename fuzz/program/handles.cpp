// Steps with thread handles: identity, names and tokens.
#include <fmt/format.h>

#include "program/program.hpp"
#include "program/story.hpp"

namespace heddle::fuzz {
namespace {

constexpr std::size_t most_handles = 16;
constexpr std::uint64_t days = 1'000'000;  // seconds

}  // namespace

void Program::add_handle(const heddle_outcome& out, std::size_t being) {
  expect(out.tag == HEDDLE_RETURNED && out.handle != nullptr, "a thread handle comes out", out);
  handles_.push_back({out.handle, being});
}

void Program::current_step(Being& caller) {
  if (handles_.size() < most_handles) {
    tell(fmt::format("{} takes a handle of itself", caller.actor.number()));
    add_handle(call(caller, [&](heddle_outcome* o) { subject_.threads->current(o); }),
               caller.actor.number());
  }
}

void Program::handle_step(Being& caller, char kind) {
  if (handles_.empty()) {
    return;
  }
  const std::size_t index = input_.below(handles_.size());
  const Handle handle = handles_[index];
  Being& being = *beings_[handle.being];
  const auto say = [&](std::string_view what) {
    tell(fmt::format("{} {} {}", caller.actor.number(), what, handle.being));
  };
  const auto call_with = [&](heddle_handle_call function) {
    return call(caller, [&](heddle_outcome* o) { function(handle.pointer, o); });
  };
  if (kind == 'C' && handles_.size() < most_handles) {
    say("clones a handle of");
    add_handle(call_with(subject_.threads->clone), handle.being);
  } else if (kind == 'x') {
    say("drops a handle of");
    expect_returned(call_with(subject_.threads->drop));
    handles_.erase(handles_.begin() + static_cast<std::ptrdiff_t>(index));
  } else if (kind == 'i') {
    say("asks for the id of");
    const heddle_outcome out = call_with(subject_.threads->id);
    for (const auto& other : beings_) {
      const bool same = other.get() == &being;
      expect(out.value != 0 && (!other->id || (*other->id == out.value) == same),
             "each thread has its own id", out);
    }
    being.id = out.value;
  } else if (kind == 'n') {
    say("asks for the name of");
    const heddle_outcome out = call_with(subject_.threads->name);
    const bool same =
        being.name ? out.value == 1 && *being.name == std::string_view(out.text, out.text_length)
                   : out.value == 0;
    expect(out.tag == HEDDLE_RETURNED && same, "its name is " + being.name.value_or("none"), out);
  } else if (kind == 'u') {
    say("unparks");
    expect_returned(call_with(subject_.threads->unpark));
    being.token.unpark();
  }
}

// With a token, either form returns at once. Without one, only a park_timeout is sure to return.
void Program::park_step(Being& caller) {
  const bool without_end = input_.flag();
  const bool has_token = caller.token.park_returns();
  tell(fmt::format("{} parks with {} token{}", caller.actor.number(), has_token ? "a" : "no",
                   has_token && without_end ? "" : ", for a time"));
  expect_returned(call(caller, [&](heddle_outcome* o) {
    if (has_token) {
      without_end ? subject_.parking->park(o) : subject_.parking->park_timeout(days, 0, o);
    } else {
      subject_.parking->park_timeout(0, 1'000, o);
    }
  }));
  caller.token.parked();
}

// Without a token, the reference's park waits, and returns for the unpark alone.
void Program::awaited_park_step(Being& caller) {
  Being& waker = other_than(caller);
  const bool without_end = input_.flag();
  if (&waker == &caller || caller.token.park_returns() || handles_.size() >= most_handles) {
    return;
  }
  current_step(caller);
  const Handle handle = handles_.back();
  tell(fmt::format("{} parks with no token until {} unparks it", caller.actor.number(),
                   waker.actor.number()));
  heddle_outcome out{};
  caller.actor.post([&] {
    without_end ? subject_.parking->park(&out) : subject_.parking->park_timeout(days, 0, &out);
  });
  if (!caller.actor.is_seen_waiting()) {
    fail("a park without a token waits", "it returned");
  }
  expect_returned(
      call(waker, [&](heddle_outcome* o) { subject_.threads->unpark(handle.pointer, o); }));
  caller.actor.wait_until_idle();
  expect_returned(out);
}

void Program::give_handles_back(Being& caller) {
  for (const Handle& handle : handles_) {
    expect_returned(
        call(caller, [&](heddle_outcome* o) { subject_.threads->drop(handle.pointer, o); }));
  }
  handles_.clear();
}

}  // namespace heddle::fuzz
