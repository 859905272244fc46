#include "support/xml_reader.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>

#include "program/characters.hpp"

namespace heddle::tests {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view document) : rest_(document) {}

  Element document() {
    expect("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    skip_blanks();
    Element element = this->element();
    skip_blanks();
    check(rest_.empty(), "something follows the document's element");
    return element;
  }

 private:
  static void check(bool valid, const std::string& complaint) {
    if (!valid) {
      throw std::runtime_error("not well-formed: " + complaint);
    }
  }

  bool take(std::string_view token) {
    const bool there = rest_.starts_with(token);
    rest_.remove_prefix(there ? token.size() : 0);
    return there;
  }

  void expect(std::string_view token) { check(take(token), "missing " + std::string(token)); }

  void skip_blanks() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0) {
      rest_.remove_prefix(1);
    }
  }

  std::string name() {
    std::string result;
    while (!rest_.empty() && (std::isalnum(static_cast<unsigned char>(rest_.front())) != 0 ||
                              rest_.front() == '-' || rest_.front() == '_')) {
      result += rest_.front();
      rest_.remove_prefix(1);
    }
    check(!result.empty(), "a name is missing");
    return result;
  }

  std::string reference() {
    const std::size_t end = rest_.find(';');
    check(end != std::string_view::npos, "an entity does not end");
    const std::string entity(rest_.substr(2, end - 2));
    check(rest_.starts_with("&#"), "an ampersand stands alone");
    rest_.remove_prefix(end + 1);
    const int code = std::stoi(entity);
    check(code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0x80),
          "a reference names no character of XML");
    return std::string(1, static_cast<char>(code));
  }

  std::string text_until(char end) {
    std::string text;
    while (!rest_.empty() && rest_.front() != end) {
      if (rest_.front() == '&') {
        text += reference();
        continue;
      }
      const inject::Character character = inject::take_character(rest_);
      check(character.valid, "bytes that are not UTF-8");
      check(character.code >= 0x20 || character.code == '\n', "a control character");
      check(character.code != '<', "an opening bracket in an attribute");
      check(character.code != 0xFFFE && character.code != 0xFFFF, "a character that XML excludes");
      text += character.bytes;
    }
    check(!rest_.empty(), "the document ends within a text");
    return text;
  }

  Element element() {
    expect("<");
    Element element;
    element.name = name();
    for (skip_blanks(); !rest_.starts_with(">") && !rest_.starts_with("/>"); skip_blanks()) {
      const std::string attribute = name();
      expect("=\"");
      check(element.attributes.emplace(attribute, text_until('"')).second, "an attribute twice");
      expect("\"");
    }
    if (take("/>")) {
      return element;
    }
    expect(">");
    for (;;) {
      element.text += text_until('<');
      if (take("</")) {
        check(name() == element.name, element.name + " is closed by another name");
        expect(">");
        return element;
      }
      element.children.push_back(this->element());
    }
  }

  std::string_view rest_;
};

}  // namespace

std::vector<Element> Element::all(const std::string& child) const {
  std::vector<Element> found;
  std::copy_if(children.begin(), children.end(), std::back_inserter(found),
               [&](const Element& element) { return element.name == child; });
  return found;
}

Element read_xml(const std::string& document) {
  return Reader(document).document();
}

}  // namespace heddle::tests
