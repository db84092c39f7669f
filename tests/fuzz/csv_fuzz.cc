// Tables as CSV, read whole and one example at a time; the first byte says what the labels are.

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/data/csv.h"
#include "client/data/csv_examples.h"
#include "common/base/bytes.h"
#include "common/base/check.h"
#include "tests/fuzz/fuzz_input.h"

namespace seedfed {
namespace {

// Examples; absent when the table is refused.
std::optional<size_t> Count(absl::string_view text, const std::optional<std::string>& label) {
  const auto source = OpenMemory("fuzz", AsBytes(text));
  if (!source.ok()) return {};
  const auto examples = CsvExamples::Open(**source, label);
  if (!examples.ok()) return {};
  std::vector<float> features((*examples)->features());
  for (size_t count = 0;; ++count) {
    uint32_t number = 0;
    const auto more = (*examples)->Next(features, number);
    if (!more.ok()) return {};
    if (!*more) return count;
    for (const float feature : features) SEEDFED_CHECK(std::isfinite(feature));
  }
}

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  FuzzInput input(data, size);
  constexpr const char* kLabels[] = {"0", "1", "class", "4294967295"};
  const uint32_t choice = input.Below(5);
  const absl::string_view text = input.Rest();
  if (choice == 4) {
    Count(text, std::nullopt);
    return 0;
  }
  const std::optional<size_t> count = Count(text, kLabels[choice]);
  const auto source = OpenMemory("fuzz", AsBytes(text));
  if (!source.ok()) return 0;
  const auto whole = ReadCsv(**source, kLabels[choice], 1.0f);
  // A table without features has examples but makes no data set.
  if (whole.ok()) SEEDFED_CHECK(count.has_value() && *count == whole->examples());
  return 0;
}
