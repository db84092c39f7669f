#include "cli/inspect/word_view.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/bytes.h"
#include "common/cordic/cordic.h"

namespace seedfed {
namespace {

constexpr int kPackedRBits = 20;
constexpr int kPackedThetaBits = 24;
// Longest part of a wrong word that a sentence quotes.
constexpr size_t kQuoted = 40;

std::string Quoted(absl::string_view item) {
  const std::string text = absl::CHexEscape(item.substr(0, kQuoted));
  return absl::StrCat("'", text, item.size() > kQuoted ? "..." : "", "'");
}

}  // namespace

ThetaReadings ReadTheta(uint32_t residue, int bits) {
  const double turns = std::ldexp(residue, -bits);
  return {turns, turns < 0.5 ? turns : turns - 1};
}

Packed64View ViewPacked64(uint64_t hi) {
  Packed64View view;
  view.fields = UnpackPacked64(hi);
  view.r = std::ldexp(view.fields.r, -kPackedRBits);
  view.theta = ReadTheta(view.fields.theta, kPackedThetaBits);
  const Cartesian point = ToCartesian(
      {view.fields.r << (30 - kPackedRBits), view.fields.theta << (32 - kPackedThetaBits)});
  view.point = {point.x, point.y};
  return view;
}

SingleView ViewSingle(const Word& word) {
  SingleView view;
  view.hi = ViewPacked64(word.hi);
  view.r_bits = static_cast<uint32_t>(word.lo >> 32);
  view.theta_bits = static_cast<uint32_t>(word.lo);
  view.r = std::bit_cast<float>(view.r_bits);
  view.theta = std::bit_cast<float>(view.theta_bits);
  const absl::StatusOr<Seed> point = DecodeSingle(word, view.hi.fields.code);
  view.valid = point.status();
  if (point.ok()) view.point = *point;
  return view;
}

EnsembleView ViewEnsemble(const Word& word) {
  EnsembleView view;
  char bytes[kWordBytes];
  StoreWord(word, bytes);
  view.exponent = static_cast<uint8_t>(bytes[0]);
  view.radius = std::exp2(-static_cast<double>(view.exponent) / 8);
  const std::array<Seed, kSubSeeds> points = DecodeEnsemble(word);
  for (size_t i = 0; i < kSubSeeds; ++i) {
    SubSeedView& seed = view.seeds[i];
    seed.byte = static_cast<uint8_t>(bytes[i + 1]);
    seed.r_sevenths = seed.byte >> 5;
    seed.theta_32nds = seed.byte & 31U;
    seed.r = view.radius * seed.r_sevenths / 7;
    seed.theta = ReadTheta(seed.theta_32nds, 5);
    seed.point = points[i];
  }
  return view;
}

bool IsWordText(absl::string_view text) {
  return (text.size() == 2 * kWordBytes || text.size() == kWordBytes) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); });
}

TextWord ParseWordText(absl::string_view text) {
  TextWord word;
  word.digits = absl::AsciiStrToLower(text);
  word.packed64 = text.size() == kWordBytes;
  std::string bytes = absl::HexStringToBytes(text);
  bytes.resize(kWordBytes);
  word.word = LoadWord(bytes.data());
  return word;
}

absl::StatusOr<std::vector<TextWord>> ParseWordList(absl::string_view text,
                                                    absl::string_view source) {
  std::vector<TextWord> words;
  for (const absl::string_view item :
       absl::StrSplit(text, absl::ByAnyChar(" \t\r\n"), absl::SkipEmpty())) {
    if (!IsWordText(item)) {
      return absl::InvalidArgumentError(
          absl::StrCat(source, ": ", Quoted(item),
                       " is not a word; expected words of 16 or 32 hexadecimal digits"));
    }
    words.push_back(ParseWordText(item));
  }
  if (words.empty()) return absl::InvalidArgumentError(absl::StrCat(source, " is empty"));
  return words;
}

}  // namespace seedfed
