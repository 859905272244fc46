// Runs a fuzz target without libFuzzer, for a target that needs the whole suite, which takes long
// to compile a second time: on its kept corpus, and on the same changed copies of it each time.
//
//   corpus_run RUNS FOLDER
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::string input;  // of this run

// A target that finds something aborts.
void tell_input(int /*signal*/) {
  static_cast<void>(std::fputs("the input, in hex: ", stderr));
  for (const char byte : input) {
    static_cast<void>(std::fprintf(stderr, "%02x", static_cast<unsigned char>(byte)));
  }
  static_cast<void>(std::fputs("\n", stderr));
}

void run() {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::vector<std::string> kept_inputs(const fs::path& folder) {
  std::vector<std::string> inputs;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::sort(inputs.begin(), inputs.end());  // a folder has no order of its own
  return inputs;
}

/// Changes, removes or doubles some bytes.
class Changes {
 public:
  void make(std::string& text) {
    for (std::size_t change = below(8) + 1; change > 0 && !text.empty(); --change) {
      const std::size_t place = below(text.size());
      switch (below(3)) {
        case 0:
          text[place] = static_cast<char>(below(256));
          break;
        case 1:
          text.erase(place, below(8) + 1);
          break;
        default:
          text.insert(below(text.size()), text.substr(place, below(8) + 1));
      }
    }
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  std::mt19937 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    static_cast<void>(std::fputs("usage: corpus_run RUNS FOLDER\n", stderr));
    return 2;
  }
  static_cast<void>(std::signal(SIGABRT, tell_input));
  const std::vector<std::string> kept = kept_inputs(argv[2]);
  if (kept.empty()) {
    static_cast<void>(std::fputs("the corpus has no input\n", stderr));
    return 2;
  }
  for (const std::string& one : kept) {
    input = one;
    run();
  }
  Changes changes;
  const long runs = std::strtol(argv[1], nullptr, 10);
  for (long number = 0; number < runs; ++number) {
    input = kept[changes.below(kept.size())];
    changes.make(input);
    run();
  }
  std::printf("%zu kept inputs, and %ld changed ones from seed 1\n", kept.size(), runs);
}
