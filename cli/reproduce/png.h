#ifndef SEEDFED_CLI_REPRODUCE_PNG_H_
#define SEEDFED_CLI_REPRODUCE_PNG_H_

#include <cstdint>
#include <span>
#include <string>

namespace seedfed {

// A grey picture as the content of a PNG file: 8 bits a pixel, 0 black, 255 white. pixels is
// row-major, width * height of them; both at least 1, at most 2^15. Format: ISO/IEC 15948.
std::string EncodeGreyPng(uint32_t width, uint32_t height, std::span<const uint8_t> pixels);

// The picture of a matrix, row-major, each number a square of zoom x zoom pixels: `black` and below
// is black, `white` and above is white. black < white.
std::string MatrixPng(std::span<const float> matrix, uint32_t rows, uint32_t cols, uint32_t zoom,
                      float black, float white);

}  // namespace seedfed

#endif  // SEEDFED_CLI_REPRODUCE_PNG_H_
