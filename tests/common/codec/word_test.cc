#include "common/codec/word.h"

#include <string>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

TEST(Word, Bytes_AreHiThenLoEachLittleEndian) {
  char bytes[kWordBytes];
  StoreWord({0x0706050403020100, 0x0f0e0d0c0b0a0908}, bytes);
  for (size_t i = 0; i < kWordBytes; ++i) EXPECT_EQ(bytes[i], static_cast<char>(i));
  EXPECT_EQ(LoadWord(bytes), (Word{0x0706050403020100, 0x0f0e0d0c0b0a0908}));
}

TEST(Word, LoadOfStore_IsTheIdentityForEverySingleBit) {
  char bytes[kWordBytes];
  for (int bit = 0; bit < 64; ++bit) {
    for (const Word& word : {Word{uint64_t{1} << bit, 0}, Word{0, uint64_t{1} << bit}}) {
      StoreWord(word, bytes);
      ASSERT_EQ(LoadWord(bytes), word);
    }
  }
}

}  // namespace
}  // namespace seedfed
