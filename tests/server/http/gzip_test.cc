#include "server/http/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace seedfed {
namespace {

std::string Expand(const std::string& gzip) {
  z_stream stream = {};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));
  stream.avail_in = static_cast<uInt>(gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, Expanded_IsTheInput) {
  const std::string text(100'000, 'x');
  const std::string compressed = Gzip(text);
  EXPECT_LT(compressed.size(), 2'000u);
  EXPECT_EQ(Expand(compressed), text);
  EXPECT_EQ(Expand(Gzip("")), "");
}

TEST(AcceptsGzip, ListsAndWeights) {
  for (const char* accepted : {"gzip", "deflate, gzip;q=0.5, br", " GZIP ;q=1", "gzip;q=0.001"}) {
    EXPECT_TRUE(AcceptsGzip(accepted)) << accepted;
  }
  for (const char* refused : {"", "identity", "gzip;q=0", "gzip; q=0.0", "gzipped", "br,deflate"}) {
    EXPECT_FALSE(AcceptsGzip(refused)) << refused;
  }
}

}  // namespace
}  // namespace seedfed
