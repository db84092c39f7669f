#ifndef SEEDFED_CLI_COMPRESS_REPORT_H_
#define SEEDFED_CLI_COMPRESS_REPORT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "cli/compress/compressor.h"

namespace seedfed {

// The report of `seedfed compress` as a table for people, and as a JSON object.
std::string CompressText(const CompressReport& report);
std::string CompressJson(const CompressReport& report, absl::string_view input,
                         absl::string_view output);

// "30.4", "1,234": a ratio with three digits.
std::string RatioText(double ratio);

}  // namespace seedfed

#endif  // SEEDFED_CLI_COMPRESS_REPORT_H_
