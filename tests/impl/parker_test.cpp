#include "thread/parker.hpp"

#include <cerrno>

#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using thread::Parker;

TEST_CASE("a token needs no system call, neither to leave nor to take") {
  Script script;
  Parker parker;
  parker.unpark();
  parker.unpark();
  parker.park();
  CHECK(script.calls("futex wait").empty());
  CHECK(script.calls("futex wake").empty());
}

TEST_CASE("unparking a thread that waits wakes it with one call") {
  Script script;
  Parker parker;
  script.answer_after("futex wait", [&] { parker.unpark(); });
  parker.park();
  CHECK(script.calls("futex wait").size() == 1);
  CHECK(script.calls("futex wake").size() == 1);
}

TEST_CASE("the second unpark of a thread that waits makes no call") {
  Script script;
  Parker parker;
  script.answer_after("futex wait", [&] {
    parker.unpark();
    parker.unpark();
  });
  parker.park();
  CHECK(script.calls("futex wake").size() == 1);
}

TEST_CASE("park waits on after it was woken for no reason") {
  Script script;
  Parker parker;
  script.answer("futex wait", 0).answer("futex wait", EAGAIN).answer("futex wait", ETIMEDOUT);
  script.answer_after("futex wait", [&] { parker.unpark(); });
  parker.park();
  CHECK(script.calls("futex wait").size() == 4);
}

// Whether the token is gone: then the next park has to wait.
bool is_empty(Script& script, Parker& parker) {
  const std::size_t waits = script.calls("futex wait").size();
  script.answer_after("futex wait", [&] { parker.unpark(); });
  parker.park();
  return script.calls("futex wait").size() == waits + 1;
}

TEST_CASE("park uses up the token that ended its wait") {
  Script script;
  Parker parker;
  script.answer_after("futex wait", [&] { parker.unpark(); });
  parker.park();
  CHECK(is_empty(script, parker));
}

TEST_CASE("park_timeout leaves no token, however it ends") {
  Script script;
  Parker parker;
  SECTION("the time is over") {
    script.answer("futex wait", ETIMEDOUT);
  }
  SECTION("woken for no reason") {
    script.answer("futex wait", 0);
  }
  SECTION("unparked while it waits") {
    script.answer_after("futex wait", [&] { parker.unpark(); });
  }
  SECTION("there was one already") {
    parker.unpark();
  }
  parker.park_timeout(Duration(0, 1));
  CHECK(is_empty(script, parker));
}

TEST_CASE("a time that no clock reaches is no limit") {
  Script script;
  Parker parker;
  script.answer("futex wait", 0);
  parker.park_timeout(Duration::max());
  CHECK(script.calls("futex wait") == std::vector<unsigned long>{0});
}

}  // namespace
}  // namespace heddle::tests
