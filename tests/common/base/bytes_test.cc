#include "common/base/bytes.h"

#include <cstdint>
#include <string>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

TEST(Bytes, Store_PutsTheLeastSignificantByteFirst) {
  std::string out;
  AppendLittleEndian(uint8_t{0xab}, out);
  AppendLittleEndian(uint16_t{0x1234}, out);
  AppendLittleEndian(uint32_t{0x89abcdef}, out);
  AppendLittleEndian(uint64_t{0x0102030405060708}, out);
  EXPECT_EQ(out, std::string("\xab\x34\x12\xef\xcd\xab\x89\x08\x07\x06\x05\x04\x03\x02\x01", 15));
}

TEST(Bytes, Load_ReadsEveryByteAsUnsigned) {
  EXPECT_EQ(LoadLittleEndian<uint8_t>("\xff"), 0xff);
  EXPECT_EQ(LoadLittleEndian<uint16_t>("\x80\xff"), 0xff80);
  EXPECT_EQ(LoadLittleEndian<uint32_t>("\xff\xfe\xfd\xfc"), 0xfcfdfeffU);
  EXPECT_EQ(LoadLittleEndian<uint64_t>("\x80\x81\x82\x83\x84\x85\x86\x87"), 0x8786858483828180U);
}

TEST(Bytes, LoadOfStore_IsTheIdentityForEverySingleBit) {
  char bytes[8];
  for (int bit = 0; bit < 64; ++bit) {
    const uint64_t value = uint64_t{1} << bit;
    StoreLittleEndian(value, bytes);
    ASSERT_EQ(LoadLittleEndian<uint64_t>(bytes), value);
    StoreLittleEndian(~value, bytes);
    ASSERT_EQ(LoadLittleEndian<uint64_t>(bytes), ~value);
  }
}

TEST(Bytes, AsBytes_IsTheSameMemory) {
  const std::string text("a\0\xff", 3);
  const std::span<const uint8_t> bytes = AsBytes(text);
  ASSERT_EQ(bytes.size(), 3U);
  EXPECT_EQ(bytes[0], 'a');
  EXPECT_EQ(bytes[1], 0);
  EXPECT_EQ(bytes[2], 0xff);
}

}  // namespace
}  // namespace seedfed
