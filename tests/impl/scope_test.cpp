#include <heddle/thread.hpp>

#include <unistd.h>

#include <optional>

#include "child_process.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

// In a child with an alarm, since the scope would hang.
TEST_CASE("a handle that was joined holds up no scope, however long it lives") {
  const Ending ending = run_in_child([] {
    alarm(60);
    std::optional<thread::ScopedJoinHandle<int>> handle;
    const int joined = thread::scope([&](const thread::Scope& scope) {
      handle.emplace(scope.spawn([] { return 1; }));
      return std::move(*handle).join().value();
    });
    _exit(joined);
  });
  CHECK(ending.signal == 0);
  CHECK(ending.exit_status == 1);
}

}  // namespace
}  // namespace heddle::tests
