// Mutants change what they say that they change, under names that last.
#include "mutation/mutant.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

using heddle::mutation::Mutant;
using heddle::mutation::mutants_of;

namespace {

// The changed lines of all mutants of one kind.
std::set<std::string> made(std::string_view change, std::string_view source) {
  std::set<std::string> lines;
  for (const Mutant& mutant : mutants_of("made.cpp", source)) {
    if (mutant.change == change) {
      lines.insert(mutant.is);
    }
  }
  return lines;
}

// A function with this body.
std::string function(const std::string& body) {
  return "void f() {\n" + body + "\n}\n";
}

using Lines = std::set<std::string>;

}  // namespace

TEST_CASE("orders, truths, numbers and steps become others") {
  CHECK(made("order", "a.load(std::memory_order_acquire, std::memory_order_relaxed);") ==
        Lines{"a.load(std::memory_order_relaxed, std::memory_order_relaxed);"});
  CHECK(made("bool", "bool b = true;") == Lines{"bool b = false;"});
  CHECK(made("number", "int i = 0 + 1 + 1'000u;") ==
        Lines{"int i = 1 + 1 + 1'000u;", "int i = 0 + 0 + 1'000u;", "int i = 0 + 1 + 1001u;"});
  CHECK(made("number", "auto x = 0x10 + 1.5 + 017;").empty());
  CHECK(made("step", "++i;") == Lines{"--i;"});
  CHECK(made("not", "b = !c != d;") == Lines{"b = c != d;"});
}

TEST_CASE("signs become others where they have two operands") {
  CHECK(made("comparison", "b = c == d;") == Lines{"b = c != d;"});
  CHECK(made("comparison", "b = c < d;") == Lines{"b = c <= d;"});
  CHECK(made("logic", "b = c && d;") == Lines{"b = c || d;"});
  CHECK(made("arithmetic", "i = j + k;\nl -= m;\n") == Lines{"i = j - k;", "l += m;"});
  CHECK(made("arithmetic", "i = -1;").empty());
  CHECK(made("comparison", "std::vector<std::vector<int>> v;\ntemplate <class T>").empty());
  CHECK(made("logic", "void f(T&& t) &&;\nint g() && {}\nint h() && noexcept;").empty());
  CHECK(made("comparison", "bool operator == (A, A);").empty());
}

TEST_CASE("conditions are forced") {
  CHECK(made("condition", function("if (a && f(b)) {}")) == Lines{"if (true) {}", "if (false) {}"});
  CHECK(made("condition", function("if (auto* p = g()) {}")) ==
        Lines{"if (auto* p = g(); true) {}", "if (auto* p = g(); false) {}"});
  CHECK(made("condition", function("if (int e = g(); e != 0) {}")) ==
        Lines{"if (int e = g(); true) {}", "if (int e = g(); false) {}"});
  CHECK(made("condition", function("for (int i = 0; i < n; ++i) {}")) ==
        Lines{"for (int i = 0; true; ++i) {}", "for (int i = 0; false; ++i) {}"});
  CHECK(made("condition", function("for (int i : all) {}\nfor (;;) {}")).empty());
  CHECK(made("bool", function("while (true) {}")) == Lines{"while (false) {}"});
  CHECK(made("condition", "int i = a == b ? c : d;") ==
        Lines{"int i = a == b || true ? c : d;", "int i = a == b && false ? c : d;"});
}

TEST_CASE("statements are dropped where the rest can do without them") {
  CHECK(made("drop", function("g();\nint i = h();\nuse(i);")) == Lines{";"});
  CHECK(mutants_of("f", function("int i = h();\nuse(i);")).size() == 2);  // use(i) dropped, doubled
  CHECK(made("drop", function("const std::lock_guard lock(mutex);")).size() == 1);
  CHECK(made("drop", function("return;")).empty());
  CHECK(made("drop", function("if (a) {\nreturn;\n}\ng();")) == Lines{";"});
  CHECK(made("drop", function("using A = int;\nstatic_assert(x);")).empty());
  CHECK(made("drop", "int i = f();\nclass A {\n  int g();\n};\n").empty());
}

TEST_CASE("expressions are doubled, declarations and jumps are not") {
  CHECK(made("double", function("g(1);\nT& t = h();\nreturn t;")) == Lines{"g(1); g(1);"});
  CHECK(made("double", function("delete p;\nstatic_cast<void>(q);")).size() == 2);
}

TEST_CASE("neighbours change places unless one declares what the other uses") {
  CHECK(made("swap", function("a();\nb();")) == Lines{"b(); a();"});
  CHECK(made("swap", function("int i = a();\nb(i);")).empty());
  CHECK(made("swap", function("A a(x);\nB b(y);")) == Lines{"B b(y); A a(x);"});
  CHECK(made("swap", function("a();\nif (c) {\nb();\n}\nd();")).empty());
  CHECK(made("swap", function("a();\na();")).empty());
  CHECK(made("swap", function("a();\nreturn;")).empty());
}

TEST_CASE("statements are found in every kind of body") {
  const auto drops = [](const std::string& source) { return made("drop", source).size(); };
  CHECK(drops("namespace a { class B { int c() const noexcept { d(); } }; }") == 1);
  CHECK(drops("template <class T> A<T>::A(int b) : c_(b), d_{b} { e(); }") == 1);
  CHECK(drops("auto a() -> std::vector<int> { b(); }") == 1);
  CHECK(drops("extern \"C\" void* a(void*) { b(); }") == 1);
  CHECK(drops("auto a() requires is_b<T> { c(); }") == 1);
  CHECK(drops(function("d([&]() -> int { e(); });")) == 2);
  CHECK(drops(function("if (any(a, [](int b) { c(b); })) { d(); }")) == 2);
  CHECK(drops(function("try { a(); } catch (const B& b) { c(); } else { d(); }")) == 3);
  CHECK(drops(function("switch (a) { case B::c: d(); break; default: e(); }")) == 3);
  CHECK(drops(function("do { a(); } while (b);\nc();")) == 2);
  CHECK(drops(function("struct A {\n~A() { b(); }\n};\nconst A a{c};")) == 2);
  CHECK(drops("A a{1, 2};\nenum class B { c, d };\nusing E = int;") == 0);
}

TEST_CASE("code that is not C++ as it is known makes no harm") {
  for (const char* const source :
       {"}", "{", "void f() {", "f(]);", "if (", "template <", "a ? b"}) {
    CAPTURE(source);
    CHECK_NOTHROW(mutants_of("made.cpp", source));
    CHECK_NOTHROW(mutants_of("made.cpp", function(source)));
  }
}

TEST_CASE("a mutant is the whole file with one change") {
  const std::string source = "int a = 1;  // one\nint b = 2;\n";
  const auto mutants = mutants_of("made.cpp", source);
  REQUIRE(mutants.size() == 2);
  CHECK(mutants[0].applied_to(source) == "int a = 0;  // one\nint b = 2;\n");
  CHECK(mutants[1].line == 2);
  CHECK(mutants[0].was == "int a = 1;");
}

TEST_CASE("a dropped statement leaves its lines") {
  const std::string source = function("g(\n  1);");
  for (const Mutant& mutant : mutants_of("made.cpp", source)) {
    const std::string text = mutant.applied_to(source);
    CHECK(std::count(text.begin(), text.end(), '\n') ==
          std::count(source.begin(), source.end(), '\n'));
  }
}

TEST_CASE("a name outlives what is written above, and numbers what comes again") {
  const std::string source = function("g(1);\ng(1);");
  const auto before = mutants_of("made.cpp", source);
  const auto after = mutants_of("made.cpp", "// A comment.\nint above;\n\n" + source);
  REQUIRE(before.size() == after.size());
  std::set<std::size_t> numbers;
  for (std::size_t index = 0; index < before.size(); ++index) {
    CHECK(before[index].name() == after[index].name());
    CHECK(before[index].line + 3 == after[index].line);
    numbers.insert(before[index].nth);
  }
  CHECK(numbers == std::set<std::size_t>{1, 2});
}
