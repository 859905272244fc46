// allocator.cpp: a malloc that maps each block, inside a lock of its own: to be preloaded, or
// linked into a program. It finds the definitions that it replaces with dlsym, as many do, which
// may itself allocate. A call that comes while its thread is inside is a deadlock in other
// allocators; here it ends the process.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

constexpr std::size_t header = 64;  // holds the block's size, and keeps its alignment

/// Initialised within the first call, before there are threads, as jemalloc does.
pthread_mutex_t lock;
constinit bool has_lock = false;
constinit thread_local bool inside = false;
constinit thread_local bool resolving = false;

class Inside {
 public:
  Inside() {
    if (inside) {
      constexpr char message[] = "the allocator was entered from within its own calls\n";
      static_cast<void>(!write(STDERR_FILENO, &message[0], sizeof message - 1));
      _exit(66);
    }
    inside = true;
    if (!has_lock) {
      has_lock = pthread_mutex_init(&lock, nullptr) == 0;
    }
    pthread_mutex_lock(&lock);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;
  ~Inside() {
    pthread_mutex_unlock(&lock);
    inside = false;
  }
};

char* start_of(void* block) {
  return static_cast<char*>(block) - header;
}

std::size_t size_of(void* block) {
  std::size_t size = 0;
  std::memcpy(&size, start_of(block), sizeof size);
  return size;
}

void* allocate(std::size_t size) {
  const Inside guard;
  void* const memory =
      mmap(nullptr, size + header, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return nullptr;
  }
  std::memcpy(memory, &size, sizeof size);
  return static_cast<char*>(memory) + header;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  return allocate(size);
}

// Each first call of a thread asks dlsym, for a name that is there and one that is not: the message
// about the latter is allocated by this very function.
void* calloc(std::size_t count, std::size_t size) {
  if (!resolving) {
    resolving = true;
    static_cast<void>(dlsym(RTLD_NEXT, "calloc"));
    static_cast<void>(dlsym(RTLD_NEXT, "no_such_function"));
  }
  return size != 0 && count > PTRDIFF_MAX / size ? nullptr : allocate(count * size);
}

void free(void* block) {
  if (block != nullptr) {
    const Inside guard;
    // Its own whole mapping, so that the call cannot fail, unless a rule says so.
    munmap(start_of(block), size_of(block) + header);
  }
}

void* realloc(void* block, std::size_t size) {
  void* const moved = allocate(size);
  if (moved != nullptr && block != nullptr) {
    std::memcpy(moved, block, size_of(block) < size ? size_of(block) : size);
    free(block);
  }
  return moved;
}

}  // extern "C"
