// not_there.cpp: the raw layer on a processor whose folder has none.
#include "../fatal.hpp"
#include "../processor.hpp"
#include "raw_layer.hpp"

namespace heddle::inject {

void start_raw_layer() {
  fatal({"the raw layer is not possible here: it is not there for ", processor_name,
         " yet; run without --raw"},
        raw_refused);
}

}  // namespace heddle::inject
