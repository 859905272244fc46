#include "program_name.hpp"

#include <fcntl.h>
#include <heddle/inject_record.h>
#include <sys/syscall.h>

#include <cstring>

#include "raw_system_call.hpp"

namespace heddle::inject {
namespace {

constinit char path[HEDDLE_INJECT_PATH_SIZE] = {};
constinit const char* file_name = &path[0];
constinit std::uint64_t hash = 0;

}  // namespace

const char* program_path() {
  return &path[0];
}
const char* program_file_name() {
  return file_name;
}
std::uint64_t program_hash() {
  return hash;
}

void learn_program_name() {
  const long length =
      raw_system_call(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", &path[0], sizeof path - 1);
  path[length > 0 ? length : 0] = '\0';
  const char* const slash = std::strrchr(&path[0], '/');
  file_name = slash == nullptr ? &path[0] : slash + 1;
  hash = heddle_inject_path_hash(file_name);
}

}  // namespace heddle::inject
