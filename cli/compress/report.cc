#include "cli/compress/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;

std::string Percent(double share) { return absl::StrFormat("%.2f %%", 100 * share); }

// The name as a table shows it, without quotes.
std::string ShownName(const TensorInfo& info) {
  std::string name = Quoted(info.name);
  return name.substr(1, name.size() - 2);
}

}  // namespace

std::string RatioText(double ratio) {
  if (ratio < 100) return absl::StrFormat("%.1f", ratio);
  return WithSeparators(static_cast<uint64_t>(ratio + 0.5));
}

std::string CompressText(const CompressReport& report) {
  size_t name_width = 6, shape_width = 5;
  for (const TensorReport& row : report.tensors) {
    name_width = std::max(name_width, ShownName(row.tensor.info).size());
    shape_width = std::max(shape_width, ShapeText(row.tensor.info.shape).size());
  }
  const auto line = [&](absl::string_view name, absl::string_view shape, absl::string_view type,
                        absl::string_view in, absl::string_view out, absl::string_view ratio,
                        absl::string_view bits, absl::string_view rmse, absl::string_view kept,
                        absl::string_view limit) {
    return absl::StrFormat("%-*s  %-*s  %-4s %14s %13s %8s %8s %10s %9s %9s\n",
                           static_cast<int>(name_width), name, static_cast<int>(shape_width), shape,
                           type, in, out, ratio, bits, rmse, kept, limit);
  };
  std::string text = line("tensor", "shape", "type", "bytes in", "bytes out", "ratio", "bits/w",
                          "RMSE", "captured", "Gaussian");
  size_t as_values = 0;
  for (const TensorReport& row : report.tensors) {
    const TensorInfo& info = row.tensor.info;
    as_values += row.as_values() ? 1 : 0;
    text +=
        line(ShownName(info), ShapeText(info.shape), DTypeName(info.dtype),
             WithSeparators(info.bytes()), WithSeparators(row.bytes_out), RatioText(row.ratio()),
             absl::StrFormat("%.3f", row.bits_per_weight()), absl::StrFormat("%.4g", row.rmse()),
             row.as_values() ? "as it is" : Percent(row.captured()),
             row.as_values() ? "" : Percent(row.gaussian_limit()));
  }
  absl::StrAppend(
      &text, report.tensors.size(), report.tensors.size() == 1 ? " tensor, " : " tensors, ",
      ByteCount(report.bytes_in), " of values in a file of ", ByteCount(report.bytes_out), ": ",
      RatioText(static_cast<double>(report.bytes_in) / static_cast<double>(report.bytes_out)),
      " to 1");
  if (as_values > 0) absl::StrAppend(&text, "; ", as_values, " stored as they are");
  absl::StrAppend(&text,
                  ".\ncaptured: the share of the sum of squares that the seeds keep. Gaussian: the "
                  "share that any code can keep\nof independent Gaussian weights at as many bits "
                  "(Shannon). What is not captured is lost.\n");
  return text;
}

std::string CompressJson(const CompressReport& report, absl::string_view input,
                         absl::string_view output) {
  ordered_json tensors = ordered_json::array();
  for (const TensorReport& row : report.tensors) {
    const TensorInfo& info = row.tensor.info;
    tensors.push_back(
        {{"name", info.name},
         {"shape", info.shape},
         {"dtype", std::string(DTypeName(info.dtype))},
         {"stored", row.as_values() ? "values" : "seeds"},
         {"tile", row.as_values() ? ordered_json(nullptr) : ordered_json(row.tensor.tile)},
         {"bytes_in", info.bytes()},
         {"bytes_out", row.bytes_out},
         {"ratio", row.ratio()},
         {"bits_per_weight", row.bits_per_weight()},
         {"rmse", row.rmse()},
         {"captured_energy", row.captured()},
         {"gaussian_limit",
          row.as_values() ? ordered_json(nullptr) : ordered_json(row.gaussian_limit())}});
  }
  const ordered_json document = {
      {"input", std::string(input)},
      {"output", std::string(output)},
      {"codec", std::string(CodecName(report.header.codec))},
      {"phase_bits", report.header.phase_bits},
      {"codes", report.header.codes},
      {"tensors", std::move(tensors)},
      {"bytes_in", report.bytes_in},
      {"bytes_out", report.bytes_out},
      {"ratio", static_cast<double>(report.bytes_in) / static_cast<double>(report.bytes_out)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace seedfed
