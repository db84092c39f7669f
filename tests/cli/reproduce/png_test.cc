#include "cli/reproduce/png.h"

#include <zlib.h>

#include <vector>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

uint32_t BigEndian(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes.at(at + i));
  return value;
}

struct Chunk {
  std::string type;
  std::string data;
};

// The chunks of a file whose signature and checksums are right.
std::vector<Chunk> Chunks(const std::string& png) {
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  std::vector<Chunk> chunks;
  for (size_t at = 8; at < png.size();) {
    const uint32_t size = BigEndian(png, at);
    const std::string body = png.substr(at + 4, 4 + size);
    EXPECT_EQ(BigEndian(png, at + 8 + size), crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                   static_cast<uInt>(body.size())));
    chunks.push_back({body.substr(0, 4), body.substr(4)});
    at += 12 + size;
  }
  return chunks;
}

std::string Inflate(const std::string& data, size_t size) {
  std::string out(size + 1, '\0');
  uLongf written = out.size();
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(out.data()), &written,
                       reinterpret_cast<const Bytef*>(data.data()), data.size()),
            Z_OK);
  out.resize(written);
  return out;
}

TEST(EncodeGreyPng, APicture_ReadsBack) {
  const std::vector<uint8_t> pixels = {0, 1, 2, 253, 254, 255};
  const std::vector<Chunk> chunks = Chunks(EncodeGreyPng(3, 2, pixels));
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(chunks[0].type, "IHDR");
  EXPECT_EQ(chunks[0].data, std::string("\0\0\0\3\0\0\0\2\x08\0\0\0\0", 13));
  EXPECT_EQ(chunks[1].type, "IDAT");
  EXPECT_EQ(Inflate(chunks[1].data, 8), std::string("\0\0\1\2\0\xfd\xfe\xff", 8));
  EXPECT_EQ(chunks[2].type, "IEND");
  EXPECT_EQ(chunks[2].data, "");
}

TEST(MatrixPng, EveryNumber_IsASquareOfItsGrey) {
  const std::vector<float> matrix = {-1.0F, 0.5F, 1.0F, 3.0F, 2.0F, 0.0F};
  const std::vector<Chunk> chunks = Chunks(MatrixPng(matrix, 2, 3, 2, 0, 2));
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(BigEndian(chunks[0].data, 0), 6U);
  EXPECT_EQ(BigEndian(chunks[0].data, 4), 4U);
  const std::string top("\0\0\0\x40\x40\x80\x80", 7);
  const std::string bottom("\0\xff\xff\xff\xff\0\0", 7);
  EXPECT_EQ(Inflate(chunks[1].data, 28), top + top + bottom + bottom);
}

}  // namespace
}  // namespace seedfed
