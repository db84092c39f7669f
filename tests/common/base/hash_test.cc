#include "common/base/hash.h"

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

struct KnownAnswer {
  std::string message;
  absl::string_view digest128;
  absl::string_view digest256;
};

std::string FirstBytes(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>(i);
  return text;
}

// Made with Python: hashlib.blake2b(message, digest_size=16 or 32).
const std::array<KnownAnswer, 4>& KnownAnswers() {
  static const std::array<KnownAnswer, 4> answers = {
      {{"", "cae66941d9efbd404e4d88758ea67670",
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
       {"abc", "cf4ab791c62b8d2b2109c90275287816",
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
       {"seedfed", "5a246726f1995e800b0baed010e3ec39",
        "121a245a69113a5f2d6b21f5b059f4f059003fd0bca9b3b36949c8da1c750cf9"},
       {FirstBytes(200), "61479efa6267fea757b3f881e2979bbc",
        "63c3d97a9f8894d5e043a707b0fee7f7ec4c049a23bbf1079df20b4165f9e22d"}}};
  return answers;
}

TEST(Hash, KnownMessages_GiveKnownDigests) {
  for (const KnownAnswer& answer : KnownAnswers()) {
    EXPECT_EQ(ToHex(Blake2b128(answer.message)), answer.digest128);
    EXPECT_EQ(ToHex(Blake2b256(answer.message)), answer.digest256);
  }
}

TEST(Hash, IncrementalHasher_EqualsOneShotForEveryCut) {
  const std::string message = FirstBytes(200);
  for (size_t cut = 0; cut <= message.size(); ++cut) {
    Blake2b128Hasher hasher;
    hasher.Update(absl::string_view(message).substr(0, cut));
    hasher.Update(absl::string_view(message).substr(cut));
    ASSERT_EQ(hasher.Finish(), Blake2b128(message)) << "cut at " << cut;
  }
}

TEST(Hash, IncrementalHasherWithoutUpdates_IsTheEmptyMessage) {
  Blake2b128Hasher hasher;
  EXPECT_EQ(hasher.Finish(), Blake2b128(""));
}

TEST(Hash, ToBytesAndToHex_KeepTheOrder) {
  const std::array<uint8_t, 4> digest = {0x00, 0x7f, 0x80, 0xfe};
  EXPECT_EQ(ToBytes(digest), std::string("\x00\x7f\x80\xfe", 4));
  EXPECT_EQ(ToHex(digest), "007f80fe");
}

}  // namespace
}  // namespace seedfed
