#include "mutation/workshop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "mutation/process.hpp"

namespace heddle::mutation {
namespace {

namespace fs = std::filesystem;

constexpr const char* adapter = "conformance/adapters/reference";
constexpr const char* list_of_libc = "impl/sys/thread_local_destructor.cpp";
constexpr const char* own_list = "impl/thread/destructor_list.cpp";

void write_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

// The paths of the files below `folder`, from the top of the tree.
std::vector<std::string> files_below(const std::string& source, const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(source) / folder)) {
    const std::string extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp" || extension == ".h") {
      files.push_back(fs::relative(entry.path(), source));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// What stands between `opening` and `closing` in the lines that include something.
std::set<std::string> includes_of(const std::string& text, char opening, char closing) {
  const std::string directive = std::string("#include ") + opening;
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(directive)) {
      names.insert(
          line.substr(directive.size(), line.find(closing, directive.size()) - directive.size()));
    }
  }
  return names;
}

// The name by which other files include this one: headers lie in impl/include, private ones in
// impl.
std::string included_as(std::string file) {
  for (const std::string_view folder : {"impl/include/", "impl/"}) {
    if (file.starts_with(folder)) {
      return file.substr(folder.size());
    }
  }
  return file;
}

bool is_source(const std::string& file) {
  return file.ends_with(".cpp");
}

std::string flat(std::string file) {
  std::replace(file.begin(), file.end(), '/', '-');
  return file;
}

bool same_content(const std::string& left, const std::string& right) {
  return text_of_file(left) == text_of_file(right);
}

}  // namespace

std::string text_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  return text.str();
}

std::vector<std::string> reference_sources(const std::string& source) {
  std::vector<std::string> files = files_below(source, "impl");
  std::erase_if(files, [](const std::string& file) { return file.starts_with("impl/bench/"); });
  return files;
}

Workshop::Workshop(Places places) : places_(std::move(places)) {
  places_.source = fs::absolute(places_.source);
  places_.work = fs::absolute(places_.work);
  sources_ = reference_sources(places_.source);
  const std::vector<std::string> adapters = files_below(places_.source, adapter);
  sources_.insert(sources_.end(), adapters.begin(), adapters.end());
  newest_source_ = fs::last_write_time("/proc/self/exe");  // it knows how to compile
  std::set<std::string> standard;
  for (const std::string& file : sources_) {
    const std::string text = text_of_file(places_.source + "/" + file);
    std::set<std::string>& included = included_[file];
    included = includes_of(text, '"', '"');
    for (const std::string& header : includes_of(text, '<', '>')) {
      // Headers of the C++ library alone: any file may include them, in any order. All others may
      // be the reference's: the adapter includes those as a user would.
      (header.find_first_of("./") == std::string::npos ? standard : included).insert(header);
    }
    newest_source_ = std::max(newest_source_, fs::last_write_time(places_.source + "/" + file));
  }
  std::string headers;
  for (const std::string& header : standard) {
    headers += fmt::format("#include <{}>\n", header);
  }
  const std::string path = places_.work + "/shared/standard.hpp";
  if (!is_current(path + ".gch") || text_of_file(path) != headers) {
    write_file(path, headers);
    std::vector<std::string> command = command_for({});
    command.insert(command.end(), {"-x", "c++-header", path, "-o", path + ".gch"});
    if (run({.arguments = command, .folder = places_.work}).status != 0) {
      throw std::runtime_error("the standard headers do not compile: " + path);
    }
  }
}

Workshop::Kind Workshop::kind_for(const std::string& file) {
  if (file == own_list) {
    return {"own-list", list_of_libc, {"-DHEDDLE_FALLBACK_DESTRUCTOR_LIST"}};
  }
  return {"libc-list", own_list, {}};
}

bool Workshop::is_current(const std::string& path) const {
  return fs::exists(path) && fs::last_write_time(path) > newest_source_;
}

std::vector<std::string> Workshop::command_for(const Kind& kind) const {
  const std::string& top = places_.source;
  // Relative folders first: the changed file lies there.
  std::vector<std::string> command = {places_.compiler,
                                      "-std=c++20",
                                      "-O1",
                                      "-g0",
                                      "-w",
                                      "-fPIC",
                                      "-fstack-clash-protection",
                                      "-fno-omit-frame-pointer",
                                      "-fvisibility=hidden",
                                      "-DHEDDLE_VERSION=\"0\"",
                                      "-Iimpl/include",
                                      "-Iimpl",
                                      "-I" + top + "/impl/include",
                                      "-I" + top + "/impl",
                                      "-I" + top + "/conformance/include",
                                      "-I" + top};
  command.insert(command.end(), kind.defines.begin(), kind.defines.end());
  return command;
}

std::set<std::string> Workshop::reached_by(const std::string& file) const {
  std::set<std::string> reached = {file};
  std::vector<std::string> left = {file};
  while (!left.empty()) {
    const std::string name = included_as(left.back());
    left.pop_back();
    for (const auto& [includer, names] : included_) {
      if (names.contains(name) && reached.insert(includer).second) {
        left.push_back(includer);
      }
    }
  }
  return reached;
}

std::vector<Workshop::Unit> Workshop::units_reached_by(const std::string& file,
                                                       const Kind& kind) const {
  const std::set<std::string> reached = reached_by(file);
  const bool reaches_adapter = std::any_of(
      reached.begin(), reached.end(), [](const auto& name) { return name.starts_with(adapter); });
  Unit together{"reached", {}};
  std::vector<Unit> units;
  for (const std::string& source : sources_) {
    const bool wanted = source.starts_with(adapter) ? reaches_adapter : reached.contains(source);
    if (!is_source(source) || !wanted || source == kind.left_out) {
      continue;
    }
    if (source == list_of_libc) {
      // Apart, since it declares a name that the compiler declares by itself in other files.
      units.push_back({"list", {source}});
    } else {
      together.sources.push_back(source);
    }
  }
  if (!together.sources.empty()) {
    units.push_back(together);
  }
  return units;
}

bool Workshop::compile(const std::string& folder, const Unit& unit, const Kind& kind) const {
  std::string text;
  for (const std::string& source : unit.sources) {
    text += fmt::format("#include \"{}\"\n", source);
  }
  write_file(fs::path(folder) / (unit.name + ".cpp"), text);
  std::vector<std::string> command = command_for(kind);
  command.insert(command.end(), {"-include", places_.work + "/shared/standard.hpp", "-c",
                                 unit.name + ".cpp", "-o", unit.name + ".o"});
  return run({.arguments = command, .folder = folder, .error_file = folder + "/errors.txt"})
             .status == 0;
}

std::string Workshop::compiled_once(const std::string& folder, const Unit& unit, const Kind& kind) {
  std::string object = folder + "/" + unit.name + ".o";
  if (!is_current(object) && !compile(folder, unit, kind)) {
    throw std::runtime_error("the unmutated source does not compile: " + folder + "/errors.txt");
  }
  return object;
}

std::map<std::string, std::string> Workshop::shared_objects(const Kind& kind) {
  std::map<std::string, std::string> objects;
  Unit adapters{"adapter", {}};
  for (const std::string& source : sources_) {
    if (source.starts_with(adapter) && is_source(source)) {
      adapters.sources.push_back(source);
    } else if (is_source(source) && source != kind.left_out) {
      objects[source] = compiled_once(places_.work + "/shared", {flat(source), {source}}, {});
    }
  }
  objects[adapter] = compiled_once(places_.work + "/shared/" + kind.name, adapters, kind);
  return objects;
}

void Workshop::link(const std::string& subject, const std::vector<std::string>& objects) const {
  std::vector<std::string> command = {places_.compiler, "-shared", "-o", subject};
  command.insert(command.end(), objects.begin(), objects.end());
  command.push_back(
      fmt::format("-Wl,--version-script={}/{}/exported_symbols.map", places_.source, adapter));
  if (run({.arguments = command}).status != 0) {
    throw std::runtime_error("cannot link " + subject);
  }
}

std::string Workshop::unmutated(const Kind& kind) {
  std::string subject = fmt::format("{}/shared/{}/unmutated.so", places_.work, kind.name);
  if (!is_current(subject)) {
    std::vector<std::string> objects;
    for (const auto& [source, object] : shared_objects(kind)) {
      objects.push_back(object);
    }
    link(subject, objects);
  }
  return subject;
}

std::string Workshop::unmutated_object(const std::string& file, const Unit& unit,
                                       const Kind& kind) {
  // Where a changed file would lie, so that all paths in the object are the same.
  const std::string folder = places_.work + "/shared/same/" + flat(file);
  write_file(folder + "/" + file, text_of_file(places_.source + "/" + file));
  return compiled_once(folder, unit, kind);
}

Built Workshop::build(const Mutant& mutant, std::size_t job) {
  const Kind kind = kind_for(mutant.file);
  const std::string folder = fmt::format("{}/job-{}", places_.work, job);
  fs::remove_all(folder);
  write_file(folder + "/" + mutant.file,
             mutant.applied_to(text_of_file(places_.source + "/" + mutant.file)));
  const std::vector<Unit> units = units_reached_by(mutant.file, kind);
  std::vector<std::string> objects;
  std::set<std::string> replaced;
  for (const Unit& unit : units) {
    if (!compile(folder, unit, kind)) {
      return {Built::State::invalid, {}, {}};
    }
    objects.push_back(folder + "/" + unit.name + ".o");
    for (const std::string& source : unit.sources) {
      replaced.insert(source.starts_with(adapter) ? adapter : source);
    }
  }
  const std::lock_guard lock(mutex_);
  const bool equivalent = std::all_of(units.begin(), units.end(), [&](const Unit& unit) {
    return same_content(folder + "/" + unit.name + ".o", unmutated_object(mutant.file, unit, kind));
  });
  if (equivalent) {
    return {Built::State::equivalent, {}, {}};
  }
  for (const auto& [source, object] : shared_objects(kind)) {
    if (!replaced.contains(source)) {
      objects.push_back(object);
    }
  }
  Built built{Built::State::ready, folder + "/mutant.so", unmutated(kind)};
  link(built.subject, objects);
  return built;
}

}  // namespace heddle::mutation
