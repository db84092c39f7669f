#ifndef SEEDFED_CLI_INSPECT_WORD_VIEW_H_
#define SEEDFED_CLI_INSPECT_WORD_VIEW_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/codec/word.h"

namespace seedfed {

// Every field of a word in every format it can be read in. Any bytes can be viewed. All functions
// are pure and thread-safe.

// theta is one residue modulo 1 with two readings: turns of a circle, [0, 1), in the rotation and
// the sequence pattern; a signed number, [-0.5, 0.5), in the radial pattern.
struct ThetaReadings {
  double turns = 0;
  double signed_number = 0;
};

// The readings of `residue` / 2^bits; bits 1 to 31.
ThetaReadings ReadTheta(uint32_t residue, int bits);

// Packed64: the integer half of a single word. Every 64 bits are valid.
struct Packed64View {
  Packed64Fields fields;
  double r = 0;  // [0, 1)
  ThetaReadings theta;
  Seed point;
};
Packed64View ViewPacked64(uint64_t hi);

struct SingleView {
  Packed64View hi;
  uint32_t r_bits = 0;  // binary32
  uint32_t theta_bits = 0;
  float r = 0;  // any binary32, also not a number
  float theta = 0;
  absl::Status valid;  // why it is not a word; a rotation code cannot be checked without the key
  Seed point;          // of the float half, when valid
};
SingleView ViewSingle(const Word& word);

struct SubSeedView {
  uint8_t byte = 0;
  uint32_t r_sevenths = 0;  // of the disk's radius, 0 to 7
  uint32_t theta_32nds = 0;
  double r = 0;  // in the unit disk
  ThetaReadings theta;
  Seed point;
};

struct EnsembleView {
  uint32_t exponent = 0;
  double radius = 1;  // of the word's disk, 2^(-exponent / 8)
  std::array<SubSeedView, kSubSeeds> seeds;
};
EnsembleView ViewEnsemble(const Word& word);

// A word as text: the hexadecimal digits of its bytes in order, 32 of them, or the 16 of Packed64.
struct TextWord {
  std::string digits;  // lower case
  bool packed64 = false;
  Word word;  // lo is 0 with Packed64
};

// Whether `text` is 16 or 32 hexadecimal digits.
bool IsWordText(absl::string_view text);

// `text` must be IsWordText.
TextWord ParseWordText(absl::string_view text);

// Words between white space. InvalidArgument names the first that is none, or says that there are
// none; `source` names the text in that sentence.
absl::StatusOr<std::vector<TextWord>> ParseWordList(absl::string_view text,
                                                    absl::string_view source);

}  // namespace seedfed

#endif  // SEEDFED_CLI_INSPECT_WORD_VIEW_H_
