// What is the same in two outputs, and what is not: lines, their words, and their numbers.
#include "campaign/usual_output.hpp"

#include "campaign/output_words.hpp"
#include "campaign/usual_folder.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

OutputCapture written(const std::string& text) {
  OutputCapture output;
  output.add(text);
  return output;
}

TEST_CASE("numbers are told from words") {
  const auto [line, words] = GENERATE(table<std::string, std::string>({
      {"3 of 4 threads", "# of# threads"},
      {"2026-11-29T12:00:01.5 [17] up", "# [#] up"},
      {"at 0x7ffe12ab: 7", "at#:#"},
      {"id 5f3a99c0e1b2 here", "id# here"},
      {"deadbeef cafe", "deadbeef cafe"},
      {"took    12 ms", "took# ms"},
      {"took 5 ms", "took# ms"},
      {"x86_64", "x#_#"},
      {"", ""},
  }));
  CHECK(without_numbers(line) == words);
}

TEST_CASE("outputs are compared but for the numbers that differ without a fault") {
  struct Row {
    std::string one, other, seen;
    bool matches;
  };
  const auto row = GENERATE(values<Row>({
      {"pid 1 of 4\n", "pid 20 of 4\n", "pid 300 of 4\n", true},
      {"pid 1 of 4\n", "pid 20 of 4\n", "pid 300 of 3\n", false},
      {"pid 1 of 4\n", "pid 20 of 4\n", "pid 1 of four\n", false},
      {"at 12:00:01 up\n", "at 12:00:01 up\n", "at 12:00:02 up\n", true},
      {"up in 0 ms\n", "up in 0 ms\n", "up in  12 ms\n", true},
      {"0x7f01 done\n", "0x7e02 done\n", "0x55c3 done\n", true},
      {"0x7f01 done\n", "0x7f01 done\n", "0x55c3 done\n", false},
      {"sum 4950\n", "sum 4950\n", "sum 4949\n", false},
      {"1732919999 up\n", "1732919999 up\n", "1732920003 up\n", true},
      {"1732919999 up\n", "1732919999 up\n", "1732919990 up\n", false},
  }));
  CAPTURE(row.one, row.other, row.seen);
  UsualOutput usual(written(row.one));
  usual.add(written(row.other));
  REQUIRE(usual.is_comparable());
  CHECK(usual.varies() == (row.one != row.other));
  CHECK(usual.matches(written(row.seen)) == row.matches);
}

TEST_CASE("outputs with other words are not compared") {
  UsualOutput usual(written("a\nb\n"));
  usual.add(written("b\na\n"));
  CHECK_FALSE(usual.is_comparable());
}

TEST_CASE("an output that is too long to be kept is compared as a whole") {
  const std::string text(OutputCapture::head_size + 1, '1');
  const UsualOutput usual(written(text));
  CHECK(usual.matches(written(text)));
  CHECK_FALSE(usual.matches(written(text + '1')));
  UsualOutput varying(written(text));
  varying.add(written(text + '1'));
  CHECK_FALSE(varying.is_comparable());
}

TEST_CASE("a line that is missing is nothing new, and one that comes once more is") {
  UsualOutput usual(written("[1] one\n[1] two\n"));
  usual.add(written("[2] one\n[2] two\n"));
  CHECK_FALSE(usual.has_new_line(written("[3] two\n")));
  CHECK_FALSE(usual.has_new_line(written("[3] two\n[3] one\n")));
  CHECK(usual.has_new_line(written("[3] one\n[3] one\n[3] two\n")));
  CHECK(usual.has_new_line(written("[3] one\n[3] three\n")));
}

TEST_CASE("a difference names the line that is missing, or that is new") {
  const UsualOutput usual(written("one\ntwo\nthree\n"));
  CHECK(usual.difference(written("one\nthree\n")) == "lacks 'two' in line 2");
  CHECK(usual.difference(written("one\nfour\ntwo\nthree\n")) == "has 'four' besides in line 2");
  CHECK(usual.difference(written("one\nthree\ntwo\n")) == "has 'three' instead of 'two' in line 2");
}

FolderContent folder_with(const std::vector<std::pair<std::string, std::string>>& files) {
  FolderContent content;
  for (const auto& [name, text] : files) {
    content[name] = {std::filesystem::file_type::regular, text.size(), true, written(text)};
  }
  return content;
}

std::string first_difference(const UsualFolder& usual, const FolderContent& seen) {
  const auto differences = usual.differences(seen);
  return differences.empty() ? "" : differences.front().description;
}

TEST_CASE("files are compared as far as the fault-free runs agree") {
  UsualFolder usual;
  usual.add(folder_with({{"result", "one\n"}, {"log", "[1] up\n"}, {"random", "x"}}));
  usual.add(folder_with({{"result", "one\n"}, {"log", "[22] up\n"}, {"random", "y"}}));
  const auto seen = [&](const std::string& result, const std::string& log) {
    return folder_with({{"result", result}, {"log", log}, {"random", "zzz"}});
  };
  CHECK(first_difference(usual, seen("one\n", "[333] up\n")).empty());
  CHECK(first_difference(usual, seen("on\n", "[3] up\n")) ==
        "result has 'on' instead of 'one' in line 1, has 3 bytes instead of 4");
  CHECK(first_difference(usual, seen("one\n", "[3] down\n")) ==
        "log has '[3] down' instead of '[1] up' in line 1");
  CHECK(first_difference(usual, folder_with({{"log", "[3] up\n"}, {"random", ""}})) ==
        "result is missing");
  auto more = seen("one\n", "[3] up\n");
  more["left"] = {};
  CHECK(first_difference(usual, more) == "left is left besides the usual files");
}

TEST_CASE("new names are nothing where the fault-free runs leave different ones") {
  UsualFolder usual;
  usual.add(folder_with({{"a1", ""}}));
  usual.add(folder_with({{"a2", ""}}));
  CHECK(first_difference(usual, folder_with({{"a3", ""}})).empty());
}

}  // namespace
}  // namespace heddle::tests
