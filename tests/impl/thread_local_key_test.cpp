#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <set>
#include <vector>

#include "child_process.hpp"
#include "quiet_panics.hpp"
#include "scripted_calls.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using thread::Key;
using thread::StaticKey;

int object = 0;

TEST_CASE("a static key is created by its first use, and by no other") {
  constinit static StaticKey key;
  Script script;
  CHECK(key.get() == nullptr);
  const auto created = script.calls("pthread_key_create").size();
  CHECK(created - script.calls("pthread_key_delete").size() == 1);
  key.set(&object);
  CHECK(key.get() == &object);
  CHECK(script.calls("pthread_key_create").size() == created);
}

TEST_CASE("a static key never has the number 0") {
  constinit static StaticKey key;
  // Where nothing has taken a key before, libc's own first one is 0, which is to be the script's.
  pthread_key_t first = 0;
  REQUIRE(pthread_key_create(&first, nullptr) == 0);
  Script script;
  script.answer("pthread_key_create", 0).answer("pthread_key_delete", 0);
  key.set(&object);
  CHECK(script.calls("pthread_key_create").size() == 2);
  CHECK(script.calls("pthread_key_delete") == std::vector<unsigned long>{0});
  CHECK(script.calls("pthread_setspecific").at(0) != 0);
}

TEST_CASE("a system that numbers two keys 0 is fatal") {
  const Ending ending = run_in_child([] {
    constinit static StaticKey key;
    Script script;
    script.answer("pthread_key_create", 0).answer("pthread_key_create", 0);
    script.answer("pthread_key_delete", 0);
    key.get();
  });
  CHECK(ending.signal == SIGABRT);
  CHECK(ending.says("heddle: fatal: the system has given two keys the same number"));
}

TEST_CASE("who comes second in the race for a static key deletes his own and uses the other") {
  constinit static StaticKey key;
  Script script;
  // The winner comes while the loser is creating. He is the same thread, for the script's sake.
  script.answer_after("pthread_key_create", [] { key.set(&object); });
  script.answer("pthread_key_delete", 0);  // of the number 0, which the loser was told first
  CHECK(key.get() == &object);
  const auto created = script.calls("pthread_key_create").size();
  const auto deleted = script.calls("pthread_key_delete");
  CHECK(created - deleted.size() == 1);
  key.set(nullptr);
  const auto used = script.calls("pthread_setspecific");
  CHECK(std::set(used.begin(), used.end()).size() == 1);
  CHECK(deleted.back() != used.back());
}

TEST_CASE("a key that cannot be created is a panic that names the call, and can be tried again") {
  const QuietPanics quiet;
  constinit static StaticKey key;
  const auto text_of = [](auto use) {
    auto failed = panic::catch_unwind(use);
    REQUIRE(failed.has_error());
    return std::string(*failed.error().text());
  };
  Script script;
  script.answer("pthread_key_create", EAGAIN);
  CHECK(text_of([] { key.get(); }) ==
        "failed to create a key for a thread local: pthread_key_create: Resource temporarily "
        "unavailable (os error 11)");
  script.answer("pthread_key_create", ENOMEM);
  CHECK(text_of([] { const Key owned; }) ==
        "failed to create a key for a thread local: pthread_key_create: Cannot allocate memory "
        "(os error 12)");
  key.set(&object);
  CHECK(key.get() == &object);
}

TEST_CASE("the key of number 0 is given back also when there is no other") {
  const QuietPanics quiet;
  constinit static StaticKey key;
  Script script;
  script.answer("pthread_key_create", 0).answer("pthread_key_create", EAGAIN);
  script.answer("pthread_key_delete", 0);
  CHECK(panic::catch_unwind([] { key.get(); }).has_error());
  CHECK(script.calls("pthread_key_delete") == std::vector<unsigned long>{0});
}

TEST_CASE("a key outlives its object") {
  Script script;
  { const Key key; }
  CHECK(script.calls("pthread_key_create").size() == 1);
  CHECK(script.calls("pthread_key_delete").empty());
}

TEST_CASE("a key that moves stays the same key") {
  Key first;
  first.set(&object);
  const Key second = std::move(first);
  CHECK(second.get() == &object);
}

TEST_CASE("a pointer that the system has no memory for is not remembered") {
  const Key key;
  Script script;
  script.answer("pthread_setspecific", ENOMEM);
  key.set(&object);
  CHECK(key.get() == nullptr);
}

TEST_CASE("an unexpected errno of a call on keys is fatal and named") {
  const auto fails = [](const char* call, void (*use)()) {
    return run_in_child([=] {
      Script script;
      script.answer(call, EPERM);
      use();
    });
  };
  const std::vector<std::pair<const char*, void (*)()>> uses = {
      {"pthread_key_create", [] { const Key key; }},
      {"pthread_setspecific", [] { Key().set(&object); }},
      {"pthread_key_delete", [] { sys::key::destroy(sys::key::create(nullptr).value()); }},
  };
  for (const auto& [call, use] : uses) {
    const Ending ending = fails(call, use);
    CHECK(ending.signal == SIGABRT);
    CHECK(ending.says(std::string("heddle: fatal: ") + call + ": Operation not permitted"));
  }
}

}  // namespace
}  // namespace heddle::tests
