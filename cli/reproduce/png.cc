#include "cli/reproduce/png.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/check.h"

namespace seedfed {
namespace {

void AppendBigEndian(uint32_t value, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}

// Length of the data, type, data, and a CRC of type and data.
void AppendChunk(absl::string_view type, absl::string_view data, std::string& out) {
  AppendBigEndian(static_cast<uint32_t>(data.size()), out);
  const size_t start = out.size();
  out.append(type.data(), type.size());
  out.append(data.data(), data.size());
  const auto* bytes = reinterpret_cast<const Bytef*>(out.data()) + start;
  AppendBigEndian(
      static_cast<uint32_t>(crc32(0, bytes, static_cast<uInt>(type.size() + data.size()))), out);
}

std::string Deflate(absl::string_view data) {
  uLongf size = compressBound(data.size());
  std::string out(size, '\0');
  SEEDFED_CHECK(compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                          reinterpret_cast<const Bytef*>(data.data()), data.size(),
                          Z_BEST_COMPRESSION) == Z_OK);
  out.resize(size);
  return out;
}

}  // namespace

std::string EncodeGreyPng(uint32_t width, uint32_t height, std::span<const uint8_t> pixels) {
  std::string header;
  AppendBigEndian(width, header);
  AppendBigEndian(height, header);
  // 8 bits a sample, grey; deflate, adaptive filters, not interlaced.
  header.append("\x08\x00\x00\x00\x00", 5);
  std::string lines;
  for (uint32_t row = 0; row < height; ++row) {
    lines += '\0';  // the line's filter: none
    lines.append(reinterpret_cast<const char*>(pixels.data()) + size_t{row} * width, width);
  }
  std::string out = "\x89PNG\r\n\x1a\n";
  AppendChunk("IHDR", header, out);
  AppendChunk("IDAT", Deflate(lines), out);
  AppendChunk("IEND", "", out);
  return out;
}

std::string MatrixPng(std::span<const float> matrix, uint32_t rows, uint32_t cols, uint32_t zoom,
                      float black, float white) {
  std::vector<uint8_t> pixels;
  pixels.reserve(size_t{rows} * cols * zoom * zoom);
  for (uint32_t y = 0; y < rows * zoom; ++y) {
    for (uint32_t x = 0; x < cols * zoom; ++x) {
      const float value = matrix[size_t{y / zoom} * cols + x / zoom];
      const float share = std::clamp((value - black) / (white - black), 0.0F, 1.0F);
      pixels.push_back(static_cast<uint8_t>(std::lround(share * 255)));
    }
  }
  return EncodeGreyPng(cols * zoom, rows * zoom, pixels);
}

}  // namespace seedfed
