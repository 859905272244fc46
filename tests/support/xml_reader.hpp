// A strict reader of the XML that the JUnit report writes: it refuses what is not well-formed.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace heddle::tests {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;  ///< unescaped
  std::string text;                               ///< unescaped, without that of children
  std::vector<Element> children;

  /// The children of this name.
  std::vector<Element> all(const std::string& child) const;
};

/// The document's element. Throws std::runtime_error if the document is not well-formed.
Element read_xml(const std::string& document);

}  // namespace heddle::tests
