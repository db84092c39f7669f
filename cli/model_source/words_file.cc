#include "cli/model_source/words_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/bytes.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

// Offsets of the header's fields; SpecBytes follow.
constexpr uint32_t kVersion = 1;
constexpr size_t kVersionAt = kWordsMagic.size();
constexpr size_t kFlagsAt = kVersionAt + 4;
constexpr size_t kRoundAt = kFlagsAt + 4;
constexpr size_t kFingerprintAt = kRoundAt + 4;
constexpr size_t kKeyAt = kFingerprintAt + 32;
constexpr size_t kMeanAt = kKeyAt + 16;
constexpr size_t kStddevAt = kMeanAt + 8;
constexpr size_t kSpecAt = kStddevAt + 8;
constexpr size_t kChecksumBytes = 16;

constexpr uint32_t kHasKey = 1;
constexpr uint32_t kHasNormalisation = 2;

// The longest SpecBytes: 28 bytes and 12 for each of 1,024 layers.
constexpr size_t kMostSpecBytes = 28 + 12 * 1024;
constexpr size_t kChunkBytes = size_t{1} << 20;

std::string HeaderBytes(const WordsHeader& header) {
  const InputNormalisation normalisation = header.normalisation.value_or(InputNormalisation{0, 0});
  const FederationKey key = header.key.value_or(FederationKey());
  std::string out(kWordsMagic);
  AppendLittleEndian(kVersion, out);
  AppendLittleEndian((header.key ? kHasKey : 0) | (header.normalisation ? kHasNormalisation : 0),
                     out);
  AppendLittleEndian(header.round, out);
  absl::StrAppend(&out, ToBytes(header.fingerprint), ToBytes(key.bytes()));
  AppendLittleEndian(std::bit_cast<uint64_t>(normalisation.mean), out);
  AppendLittleEndian(std::bit_cast<uint64_t>(normalisation.stddev), out);
  return out + SpecBytes(header.spec);
}

// Takes the header off the front of `bytes`. The sentences do not name the file.
absl::StatusOr<WordsHeader> ConsumeHeader(absl::string_view& bytes) {
  const char* at = bytes.data();
  if (bytes.size() < kSpecAt || bytes.substr(0, kWordsMagic.size()) != kWordsMagic) {
    return absl::InvalidArgumentError("not a words file: it does not start with SEEDWORD");
  }
  if (const auto version = LoadLittleEndian<uint32_t>(at + kVersionAt); version != kVersion) {
    return absl::InvalidArgumentError(
        absl::StrCat("the words file has version ", version, "; expected ", kVersion));
  }
  WordsHeader header;
  const auto flags = LoadLittleEndian<uint32_t>(at + kFlagsAt);
  if ((flags & ~(kHasKey | kHasNormalisation)) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the words file has the flags ", flags, "; expected 0 to 3"));
  }
  header.round = LoadLittleEndian<uint32_t>(at + kRoundAt);
  std::memcpy(header.fingerprint.data(), at + kFingerprintAt, header.fingerprint.size());
  if ((flags & kHasKey) != 0) {
    SEEDFED_ASSIGN_OR_RETURN(header.key, FederationKey::FromBytes(bytes.substr(kKeyAt, 16)));
  }
  if ((flags & kHasNormalisation) != 0) {
    header.normalisation = {std::bit_cast<double>(LoadLittleEndian<uint64_t>(at + kMeanAt)),
                            std::bit_cast<double>(LoadLittleEndian<uint64_t>(at + kStddevAt))};
    SEEDFED_RETURN_IF_ERROR(CheckNormalisation(*header.normalisation));
  }
  bytes.remove_prefix(kSpecAt);
  SEEDFED_ASSIGN_OR_RETURN(header.spec, ConsumeSpecBytes(bytes));
  return header;
}

absl::Status CheckDigest(const InputFile& file) {
  Blake2b128Hasher hasher;
  std::vector<char> chunk(kChunkBytes);
  const uint64_t end = file.size() - kChecksumBytes;
  for (uint64_t at = 0; at < end;) {
    const auto part = std::span(chunk).first(std::min<uint64_t>(chunk.size(), end - at));
    SEEDFED_RETURN_IF_ERROR(file.ReadAt(at, part));
    hasher.Update({part.data(), part.size()});
    at += part.size();
  }
  std::string stored(kChecksumBytes, '\0');
  SEEDFED_RETURN_IF_ERROR(file.ReadAt(end, stored));
  if (stored == ToBytes(hasher.Finish())) return absl::OkStatus();
  return file.Bad("the words file is damaged: its checksum does not match");
}

}  // namespace

absl::Status WordsWriter::Write(absl::string_view bytes) {
  hasher_.Update(bytes);
  return out_.Write({bytes.data(), bytes.size()});
}

absl::Status WordsWriter::Begin(const WordsHeader& header) {
  const std::string bytes = HeaderBytes(header);
  expected_bytes_ = bytes.size() + header.rounds() * header.spec.update_bytes();
  return Write(bytes);
}

absl::Status WordsWriter::End() {
  if (out_.size() != expected_bytes_) {
    return absl::InternalError(absl::StrCat(out_.name(), " got ", out_.size(),
                                            " bytes of header and words; expected ",
                                            expected_bytes_));
  }
  const std::string checksum = ToBytes(hasher_.Finish());
  return out_.Write(checksum);
}

absl::StatusOr<WordsFile> WordsFile::Open(std::unique_ptr<InputFile> file) {
  std::string start(std::min<uint64_t>(file->size(), kSpecAt + kMostSpecBytes), '\0');
  SEEDFED_RETURN_IF_ERROR(file->ReadAt(0, start));
  absl::string_view rest = start;
  absl::StatusOr<WordsHeader> header = ConsumeHeader(rest);
  if (!header.ok()) return file->Bad(header.status().message());
  const uint64_t words_at = start.size() - rest.size();
  SEEDFED_RETURN_IF_ERROR(
      file->CheckSize(words_at + header->rounds() * header->spec.update_bytes() + kChecksumBytes));
  SEEDFED_RETURN_IF_ERROR(CheckDigest(*file));
  return WordsFile(std::move(file), *std::move(header), words_at);
}

absl::Status WordsFile::ReadRounds(uint32_t last, const EachRound& each) const {
  std::string words(header_.spec.update_bytes(), '\0');
  uint64_t at = start_;
  const uint64_t rounds = header_.rounds();
  for (uint64_t i = 0; i < rounds && header_.first_round() + i <= last; ++i) {
    SEEDFED_RETURN_IF_ERROR(file_->ReadAt(at, words));
    SEEDFED_RETURN_IF_ERROR(each(header_.first_round() + static_cast<uint32_t>(i), words));
    at += words.size();
  }
  return absl::OkStatus();
}

}  // namespace seedfed
