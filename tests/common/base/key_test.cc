#include "common/base/key.h"

#include <array>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace seedfed {
namespace {

constexpr absl::string_view kHex = "000102030405060708090a0b0c0d0e0f";

constexpr std::array<Purpose, 6> kPurposes = {Purpose::kBase,     Purpose::kCodes,
                                              Purpose::kDitherUp, Purpose::kDitherDown,
                                              Purpose::kSampling, Purpose::kSharding};

std::array<uint8_t, 16> CountingBytes() {
  std::array<uint8_t, 16> bytes;
  for (uint8_t i = 0; i < 16; ++i) bytes[i] = i;
  return bytes;
}

TEST(FederationKey, Default_IsZero) {
  EXPECT_EQ(FederationKey().bytes(), (std::array<uint8_t, 16>{}));
}

TEST(FederationKey, ThirtyTwoHexDigits_AreTheBytes) {
  const auto key = FederationKey::Parse(kHex);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->bytes(), CountingBytes());
  EXPECT_EQ(*FederationKey::Parse("000102030405060708090A0B0C0D0E0F"), *key);
}

TEST(FederationKey, ThirtyTwoDecimalDigits_AreReadAsHex) {
  const auto key = FederationKey::Parse("12345678901234567890123456789012");
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->bytes()[0], 0x12);
  EXPECT_EQ(key->bytes()[15], 0x12);
}

TEST(FederationKey, DecimalNumber_IsLittleEndianInTheFirstEightBytes) {
  const auto key = FederationKey::Parse("258");
  ASSERT_TRUE(key.ok()) << key.status();
  std::array<uint8_t, 16> expected{};
  expected[0] = 2;
  expected[1] = 1;
  EXPECT_EQ(key->bytes(), expected);
  EXPECT_EQ(*FederationKey::Parse("0"), FederationKey());
  EXPECT_EQ(*FederationKey::Parse("000258"), *key);
}

TEST(FederationKey, LargestDecimalNumber_FillsEightBytes) {
  const auto key = FederationKey::Parse("18446744073709551615");
  ASSERT_TRUE(key.ok()) << key.status();
  for (size_t i = 0; i < 16; ++i) EXPECT_EQ(key->bytes()[i], i < 8 ? 0xff : 0) << i;
}

TEST(FederationKey, TextThatIsNoKey_IsRefusedAndNotShown) {
  for (const absl::string_view text :
       {"", "abc", "-1", "+1", " 1", "1 ", "1.0", "0x10", "18446744073709551616",
        "000102030405060708090a0b0c0d0e0", "000102030405060708090a0b0c0d0e0f0",
        "g00102030405060708090a0b0c0d0e0f"}) {
    const auto key = FederationKey::Parse(text);
    ASSERT_FALSE(key.ok()) << text;
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(key.status().message(),
              "the key, of " + std::to_string(text.size()) +
                  " characters, is neither a whole number below 2^64 nor 32 hexadecimal digits");
  }
}

TEST(FederationKey, FromBytes_TakesExactlySixteen) {
  const std::array<uint8_t, 16> bytes = CountingBytes();
  const std::string text(bytes.begin(), bytes.end());
  const auto key = FederationKey::FromBytes(text);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(*key, FederationKey(bytes));
  EXPECT_EQ(FederationKey::FromBytes(text.substr(1)).status().message(),
            "federation key has 15 bytes; expected 16");
  EXPECT_EQ(FederationKey::FromBytes(text + "x").status().message(),
            "federation key has 17 bytes; expected 16");
  EXPECT_EQ(FederationKey::FromBytes("").status().message(),
            "federation key has 0 bytes; expected 16");
}

// Made with Python: the first eight bytes of hashlib.blake2b(name, digest_size=16, key=key) as
// '<II'.
TEST(FederationKey, SubKeys_HaveKnownValues) {
  const FederationKey key(CountingBytes());
  EXPECT_EQ(key.SubKey(Purpose::kBase), (PhiloxKey{0x10527560, 0xd9e850e7}));
  EXPECT_EQ(key.SubKey(Purpose::kCodes), (PhiloxKey{0x5f8e88d6, 0x44b05e46}));
  EXPECT_EQ(key.SubKey(Purpose::kDitherUp), (PhiloxKey{0xee73a39c, 0x4eae9afd}));
  EXPECT_EQ(key.SubKey(Purpose::kDitherDown), (PhiloxKey{0x8a4dc047, 0xd6f6c045}));
  EXPECT_EQ(key.SubKey(Purpose::kSampling), (PhiloxKey{0xc220f8df, 0x0d95e806}));
  EXPECT_EQ(key.SubKey(Purpose::kSharding), (PhiloxKey{0x16f3f9e0, 0x572ad6c8}));
}

TEST(FederationKey, SubKeys_DifferByPurposeAndByEveryBitOfTheKey) {
  std::set<PhiloxKey> seen;
  for (const Purpose purpose : kPurposes) seen.insert(FederationKey().SubKey(purpose));
  for (int bit = 0; bit < 128; ++bit) {
    std::array<uint8_t, 16> bytes{};
    bytes[bit / 8] = static_cast<uint8_t>(1 << (bit % 8));
    for (const Purpose purpose : kPurposes) seen.insert(FederationKey(bytes).SubKey(purpose));
  }
  EXPECT_EQ(seen.size(), 129 * kPurposes.size());
}

}  // namespace
}  // namespace seedfed
