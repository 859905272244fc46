// heddle-conform: the thin host of the suite, for subjects that are plug-ins.
#include <heddle/subject.h>

int main(int argc, char** argv) {
  heddle_outcome end{};
  heddle_conform_main(argc, argv, nullptr, &end);
  return static_cast<int>(end.value);
}
