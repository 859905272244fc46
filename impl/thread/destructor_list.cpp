// A list of the destructors that run when a thread ends, for a libc that keeps none. Built in place
// of sys/thread_local_destructor.cpp where the build says so.
#include <utility>
#include <vector>

#include "heddle/box.hpp"
#include "heddle/sys/fatal.hpp"
#include "heddle/sys/thread_local_destructor.hpp"
#include "heddle/thread/thread_local_key.hpp"

namespace heddle::thread {
namespace {

struct Destructor {
  void* object;
  void (*destroy)(void*);
};
using List = std::vector<Destructor>;

void run_destructors(void* list);

// All thread locals share this one key, since the system has few.
constinit StaticKey destructors(run_destructors);

// Runs the destructors. The system has set the key to null, so what they register begins a new
// list, which is run after this one. All lists are run here, however many there are: the system
// itself would come back for four rounds only.
void run_destructors(void* list) {
  while (list != nullptr) {
    const Box<List> batch(static_cast<List*>(list));
    for (const Destructor& each : *batch) {
      each.destroy(each.object);
    }
    list = destructors.get();
    destructors.set(nullptr);
  }
}

List& list_of_this_thread() {
  if (destructors.get() == nullptr) {
    auto list = make_box<List>();
    destructors.set(list.get());
    if (destructors.get() == nullptr) {
      sys::fatal("the system has no memory to remember the destructors of thread locals");
    }
    static_cast<void>(list.release());  // the key owns it now
  }
  return *static_cast<List*>(destructors.get());
}

}  // namespace
}  // namespace heddle::thread

namespace heddle::sys {

void register_thread_local_destructor(void* object, void (*destroy)(void*)) {
  thread::list_of_this_thread().push_back({object, destroy});
}

}  // namespace heddle::sys
