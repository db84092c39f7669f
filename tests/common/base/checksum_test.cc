#include "common/base/checksum.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace seedfed {
namespace {

std::string Ramp(int count, int step) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>(i * step);
  return text;
}

// Made with Python: xxhash.xxh3_128(message).hexdigest().
TEST(Checksum, KnownMessages_GiveKnownChecksums) {
  const std::vector<std::pair<std::string, std::string>> known = {
      {"", "99aa06d3014798d86001c324468d497f"},
      {"abc", "06b05ab6733a618578af5f94892f3950"},
      {"seedfed", "cd5a43b78598b75067520a6eed3f9349"},
      {Ramp(200, 1), "cb0395310643ba0edd97e9af3609d9f5"},
      {Ramp(5000, 7), "a4ba2a60fb07e0166abe8be5abcb2760"}};
  for (const auto& [message, checksum] : known) {
    EXPECT_EQ(ToHex(Checksum128(message)), checksum) << message.size() << " bytes";
  }
}

TEST(Checksum, MadeInParts_EqualsTheWhole) {
  const std::string message = Ramp(1500, 7);
  for (size_t cut = 0; cut <= message.size(); cut += 13) {
    Checksum128Maker maker;
    maker.Update(absl::string_view(message).substr(0, cut));
    maker.Update(absl::string_view(message).substr(cut));
    ASSERT_EQ(maker.Finish(), Checksum128(message)) << "cut at " << cut;
  }
}

TEST(Checksum, NothingUpdated_IsTheEmptyMessage) {
  Checksum128Maker maker;
  EXPECT_EQ(maker.Finish(), Checksum128(""));
}

}  // namespace
}  // namespace seedfed
