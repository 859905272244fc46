#include "campaign/output_capture.hpp"

#include <algorithm>

namespace heddle::inject {

void OutputCapture::add(std::string_view part) {
  size_ += part.size();
  for (const char byte : part) {
    hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * UINT64_C(1099511628211);
  }
  head_.append(part.substr(0, head_size - head_.size()));
  if (size_ > head_.size()) {
    tail_.append(part);
    // Cut only when the tail has doubled, so that each byte is moved once.
    if (tail_.size() > 2 * tail_size) {
      tail_.erase(0, tail_.size() - tail_size);
    }
  }
}

}  // namespace heddle::inject
