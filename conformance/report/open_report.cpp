#include "report/json.hpp"
#include "report/junit.hpp"
#include "report/output_file.hpp"
#include "report/report.hpp"
#include "report/terminal.hpp"

namespace heddle::conformance {

tl::expected<std::unique_ptr<Report>, std::string> open_report(const ReportRequest& request,
                                                               bool color) {
  return OutputFile::open(request.file).map([&](OutputFile&& file) {
    switch (request.format) {
      case Format::json:
        return json_report(std::move(file));
      case Format::junit:
        return junit_report(std::move(file));
      case Format::terminal:
        break;
    }
    // A request for colour means the screen, never a file.
    const bool colored = color && file.is_standard_output();
    return terminal_report(std::move(file), colored);
  });
}

}  // namespace heddle::conformance
