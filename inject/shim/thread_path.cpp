#include "thread_path.hpp"

namespace heddle::inject {
namespace {

void append(ThreadPath& path, char character) {
  // FNV-1a goes on from the hash of the path so far.
  path.hash = (path.hash ^ static_cast<unsigned char>(character)) * UINT64_C(1099511628211);
  if (path.length + 1 < sizeof path.text) {
    path.text[path.length++] = character;
  } else {
    path.text[path.length - 1] = '~';
  }
}

}  // namespace

ThreadPath ThreadPath::extended(const char* prefix, std::uint64_t ordinal) const {
  ThreadPath path = *this;
  for (; *prefix != '\0'; ++prefix) {
    append(path, *prefix);
  }
  char digits[20];
  unsigned count = 0;
  do {
    digits[count++] = static_cast<char>('0' + ordinal % 10);
    ordinal /= 10;
  } while (ordinal != 0);
  while (count > 0) {
    append(path, digits[--count]);
  }
  return path;
}

}  // namespace heddle::inject
