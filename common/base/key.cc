#include "common/base/key.h"

#include <sodium.h>

#include <algorithm>
#include <cctype>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"

namespace seedfed {
namespace {

absl::string_view PurposeName(Purpose purpose) {
  switch (purpose) {
    case Purpose::kBase:
      return "seedfed.v1.base";
    case Purpose::kCodes:
      return "seedfed.v1.codes";
    case Purpose::kDitherUp:
      return "seedfed.v1.dither-up";
    case Purpose::kDitherDown:
      return "seedfed.v1.dither-down";
    case Purpose::kSampling:
      return "seedfed.v1.sampling";
    case Purpose::kSharding:
      return "seedfed.v1.sharding";
    case Purpose::kCohort:
      return "seedfed.v1.cohort";
  }
  return "";
}

bool IsHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

}  // namespace

absl::StatusOr<FederationKey> FederationKey::Parse(absl::string_view text) {
  FederationKey key;
  if (text.size() == 32 && IsHex(text)) return FromBytes(absl::HexStringToBytes(text));
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isdigit(c) != 0;
  });
  uint64_t number = 0;
  if (!digits || !absl::SimpleAtoi(text, &number)) {
    // A key is a secret, so also one with a slip of the pen is not shown.
    return absl::InvalidArgumentError(absl::StrCat(
        "the key, of ", text.size(),
        " characters, is neither a whole number below 2^64 nor 32 hexadecimal digits"));
  }
  for (int i = 0; i < 8; ++i) key.bytes_[i] = static_cast<uint8_t>(number >> (8 * i));
  return key;
}

absl::StatusOr<FederationKey> FederationKey::FromBytes(absl::string_view bytes) {
  FederationKey key;
  if (bytes.size() != key.bytes_.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("federation key has ", bytes.size(), " bytes; expected 16"));
  }
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

PhiloxKey FederationKey::SubKey(Purpose purpose) const {
  const absl::string_view name = PurposeName(purpose);
  std::array<char, 16> digest;
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(name.data()), name.size(),
                     bytes_.data(), bytes_.size());
  return {LoadLittleEndian<uint32_t>(digest.data()), LoadLittleEndian<uint32_t>(digest.data() + 4)};
}

}  // namespace seedfed
