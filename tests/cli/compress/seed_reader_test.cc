#include "cli/compress/seed_reader.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

#include "cli/compress/seed_file.h"
#include "common/base/bytes.h"
#include "common/base/hash.h"
#include "common/codec/ensemble_word.h"
#include "common/codec/single_word.h"
#include "common/pattern/rotation.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

std::string Bytes(const Word& word) {
  std::string bytes(kWordBytes, '\0');
  StoreWord(word, bytes.data());
  return bytes;
}

std::string ScaleBytes(double scale) {
  std::string bytes;
  AppendLittleEndian(std::bit_cast<uint64_t>(scale), bytes);
  return bytes;
}

// The file of `header` with `payload` behind it.
std::string SeedFile(const SeedFileHeader& header, const std::string& payload) {
  const std::string bytes = SeedFileHeaderBytes(header) + payload;
  return bytes + ToBytes(Blake2b128(bytes));
}

absl::StatusOr<std::vector<double>> Expand(const std::string& bytes) {
  const TempFolder folder;
  const auto reader = OpenModelFile(folder.Write("m.seeds", bytes));
  if (!reader.ok()) return reader.status();
  return ReadValues(**reader, 0);
}

std::string Refusal(const std::string& bytes) {
  const std::string message(Expand(bytes).status().message());
  return message.substr(message.find("m.seeds: ") + 9);
}

// 5 x 9 weights in tiles of 4: 2 x 3 tiles, all but two of them partly used.
const TensorInfo kInfo = {"w", DType::kF64, {5, 9}};

TEST(OpenSeedFile, EnsembleWithStoredCodes_TheFormulaOfThePage) {
  SeedFileHeader header = {.codec = Codec::kEnsemble, .phase_bits = 4, .codes = 1000};
  header.tensors = {{kInfo, 4}};
  const Word word = {0x4a8bff00c3e05a13, 0x9d6b61d7395c8a4f};
  const std::vector<uint32_t> codes = {0, 999, 5, 17, 500, 3};
  const auto values =
      Expand(SeedFile(header, ScaleBytes(0.7) + Bytes(word) + PackCodes(codes, 10)));
  ASSERT_TRUE(values.ok()) << values.status();
  const auto seeds = DecodeEnsemble(word);
  for (size_t i = 0; i < 5; ++i) {
    for (size_t j = 0; j < 9; ++j) {
      const size_t tile = i / 4 * 3 + j / 4;
      std::vector<uint8_t> phases(16);
      TilePhases(codes[tile], 4, phases);
      const PhaseVector phase = PhaseTable(4)[phases[i % 4 * 4 + j % 4]];
      const int64_t sum = int64_t{seeds[tile].u} * phase.cos + int64_t{seeds[tile].v} * phase.sin;
      EXPECT_EQ((*values)[i * 9 + j], 0.7 * (static_cast<double>(sum) * 0x1p-44)) << i << " " << j;
    }
  }
}

TEST(OpenSeedFile, EnsembleWithoutStoredCodes_CodesOfTheKey) {
  SeedFileHeader header = {.codec = Codec::kEnsemble, .phase_bits = 2, .codes = 1};
  header.key = FederationKey::Parse("7").value();
  header.tensors = {{kInfo, 4}};
  const Word word = {0x4a8bff00c3e05a13, 0x9d6b61d7395c8a4f};
  const auto values = Expand(SeedFile(header, ScaleBytes(2) + Bytes(word)));
  ASSERT_TRUE(values.ok()) << values.status();
  std::vector<uint32_t> codes(6);
  TileCodes(header.key.SubKey(Purpose::kCodes), 0, 0, codes);
  std::vector<uint8_t> phases(16);
  TilePhases(codes[5], 2, phases);
  const Seed seed = DecodeEnsemble(word)[5];
  const PhaseVector phase = PhaseTable(2)[phases[0]];
  const int64_t sum = int64_t{seed.u} * phase.cos + int64_t{seed.v} * phase.sin;
  EXPECT_EQ((*values)[4 * 9 + 8], 2 * (static_cast<double>(sum) * 0x1p-44));
}

TEST(OpenSeedFile, Single_CodesOfTheWords) {
  SeedFileHeader header = {.codec = Codec::kSingle, .phase_bits = 2, .codes = 256};
  header.tensors = {{{"w", DType::kF32, {4, 4}}, 4}};
  const Word word = EncodeSingle({1 << 29, -(1 << 28)}, 0xabcde);
  const auto values = Expand(SeedFile(header, ScaleBytes(4) + Bytes(word)));
  ASSERT_TRUE(values.ok()) << values.status();
  const Seed seed = DecodeSingle(word, 0xabcde).value();
  std::vector<uint8_t> phases(16);
  TilePhases(0xabcde, 2, phases);
  for (size_t p = 0; p < 16; ++p) {
    const PhaseVector phase = PhaseTable(2)[phases[p]];
    const int64_t sum = int64_t{seed.u} * phase.cos + int64_t{seed.v} * phase.sin;
    EXPECT_EQ((*values)[p], static_cast<float>(4 * (static_cast<double>(sum) * 0x1p-44)));
  }
}

TEST(OpenSeedFile, WordThatIsNotValid_NamesTensorAndWord) {
  SeedFileHeader header = {.codec = Codec::kSingle};
  header.tensors = {{kInfo, 4}};
  std::string words;
  for (int t = 0; t < 6; ++t) words += Bytes(EncodeSingle({1 << 29, 0}, 3));
  words[4 * 16 + 15] = '\x7f';
  EXPECT_EQ(Refusal(SeedFile(header, ScaleBytes(1) + words)).rfind("tensor 'w': word 4: r is ", 0),
            0u);
}

TEST(OpenSeedFile, CodeThatIsNotOneOfThem_NamesTheTile) {
  SeedFileHeader header = {.codec = Codec::kEnsemble, .codes = 5};
  header.tensors = {{kInfo, 4}};
  EXPECT_EQ(Refusal(SeedFile(
                header, ScaleBytes(1) + std::string(16, '\0') + PackCodes({0, 4, 1, 5, 0, 0}, 3))),
            "tensor 'w': the code of tile 3 is 5; expected less than 5");
}

TEST(OpenSeedFile, ScaleThatIsNoNumberAboveZero_Refused) {
  SeedFileHeader header = {.codec = Codec::kEnsemble, .codes = 1};
  header.tensors = {{kInfo, 4}};
  for (const double scale :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(Refusal(SeedFile(header, ScaleBytes(scale) + std::string(16, '\0')))
                  .find("expected a finite number of at least 0"),
              std::string::npos);
  }
}

TEST(OpenSeedFile, WeightsBeyondTheType_LargestFinite) {
  SeedFileHeader header = {.codec = Codec::kEnsemble, .codes = 1};
  header.tensors = {{{"w", DType::kF16, {4, 4}}, 4}};
  const auto values = Expand(
      SeedFile(header, ScaleBytes(1e300) + std::string("\0\xe0", 2) + std::string(14, '\0')));
  ASSERT_TRUE(values.ok()) << values.status();
  for (const double value : *values) EXPECT_EQ(std::abs(value), 65504);
}

TEST(OpenSeedFile, DamagedFile_RefusedAtOnce) {
  SeedFileHeader header = {.codec = Codec::kEnsemble, .codes = 1};
  header.tensors = {{kInfo, 4}};
  std::string bytes = SeedFile(header, ScaleBytes(1) + std::string(16, '\0'));
  bytes[bytes.size() - 20] = 1;
  EXPECT_EQ(Refusal(bytes), "the seed file is damaged: its checksum does not match");
}

TEST(OpenModelFile, OtherModelFiles_OpenToo) {
  const TempFolder folder;
  EXPECT_EQ((*OpenModelFile(folder.Write("a", GoldenNpz())))->format(), "npz");
  EXPECT_EQ(OpenModelFile(folder / "none").status().message(),
            "cannot open " + (folder / "none").string() + ": No such file or directory");
}

}  // namespace
}  // namespace seedfed
