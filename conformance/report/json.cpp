#include "report/json.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace heddle::conformance {
namespace {

class JsonReport final : public Report {
 public:
  explicit JsonReport(OutputFile file) : file_(std::move(file)) {}

  void begin(const Header& header) override {
    nlohmann::ordered_json line;
    line["type"] = "header";
    line["schema"] = header.schema;
    line["catalogue_version"] = header.catalogue_version;
    line["catalogue_hash"] = header.catalogue_hash;
    line["subject"] = header.subject;
    line["subject_path"] = header.subject_path;
    line["profile"] = header.profile;
    line["judged_as"] = header.judged_as;
    line["check"] = header.check;
    line["offers"] = header.offers;
    line["not_offered"] = nlohmann::ordered_json::array();
    for (const Lack& lack : header.lacks) {
      line["not_offered"].push_back({{"name", lack.name}, {"clauses", lack.clauses}});
    }
    line["smoke_failures"] = header.smoke_failures;
    line["kernel"] = header.kernel;
    line["libc"] = header.libc;
    line["seed"] = header.seed;
    line["selected"] = header.selected;
    line["total"] = header.total;
    line["partial"] = header.partial;
    write(line);
  }

  void record(const Record& record) override { file_.write(to_json_line(record) + "\n"); }

  void refused(const std::string& subject_path, const std::string& message) override {
    nlohmann::ordered_json line;
    line["type"] = "refused";
    line["subject_path"] = subject_path;
    line["message"] = message;
    write(line);
  }

  tl::expected<void, std::string> end(const EndOfRun& ending) override {
    nlohmann::ordered_json line;
    line["type"] = "end";
    line["exit_code"] = ending.exit_code;
    line["interrupted"] = ending.interrupted;
    write(line);
    return file_.finish();
  }

 private:
  void write(const nlohmann::ordered_json& line) {
    // As in to_json_line(): a path or a subject's name need not be UTF-8.
    file_.write(line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }

  OutputFile file_;
};

}  // namespace

std::unique_ptr<Report> json_report(OutputFile file) {
  return std::make_unique<JsonReport>(std::move(file));
}

}  // namespace heddle::conformance
