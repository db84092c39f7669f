#include "cli/compress/seed_file.h"

#include <gtest/gtest.h>

#include "common/base/bytes.h"
#include "common/base/hash.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

SeedFileHeader Example() {
  SeedFileHeader header;
  header.codec = Codec::kEnsemble;
  header.phase_bits = 4;
  header.codes = 1000;
  header.key = FederationKey::Parse("258").value();
  header.tensors = {{{"w", DType::kF16, {20, 3, 10}}, 8}, {{"b", DType::kF64, {3}}, 0}};
  header.metadata = {{"format", "pt"}, {"", ""}};
  return header;
}

// A whole file of zeros behind the header.
std::string WholeFile(const SeedFileHeader& header) {
  std::string bytes = SeedFileHeaderBytes(header);
  for (const SeedTensor& tensor : header.tensors) {
    bytes.append(static_cast<size_t>(header.tensor_bytes(tensor)), '\0');
  }
  return bytes + ToBytes(Blake2b128(bytes));
}

std::string Refusal(const std::string& bytes) {
  const TempFolder folder;
  const auto file = InputFile::Open(folder.Write("m.seeds", bytes));
  EXPECT_TRUE(file.ok());
  absl::Status status = ReadSeedFileHeader(**file).status();
  if (status.ok()) status = CheckSeedFileChecksum(**file);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  const std::string path = folder / "m.seeds";
  const std::string message(status.message());
  EXPECT_EQ(message.substr(0, path.size() + 2), path + ": ");
  return message.substr(std::min(message.size(), path.size() + 2));
}

std::string WithNumber(std::string bytes, size_t offset, uint32_t number) {
  StoreLittleEndian(number, bytes.data() + offset);
  return bytes;
}

TEST(SeedTensor, AnyShape_OneMatrix) {
  const SeedTensor tensor = {{"w", DType::kF32, {20, 3, 10}}, 8};
  EXPECT_EQ(tensor.rows(), 20u);
  EXPECT_EQ(tensor.cols(), 30u);
  EXPECT_EQ(tensor.tile_rows(), 3u);
  EXPECT_EQ(tensor.tile_cols(), 4u);
  EXPECT_EQ(tensor.tiles(), 12u);
  EXPECT_EQ(tensor.tile_row_bytes(), 8u * 30 * 4);
}

TEST(SeedFileHeader, Lengths_FollowFromCodecAndCodes) {
  SeedFileHeader header = Example();
  const SeedTensor& tensor = header.tensors[0];  // 12 tiles
  EXPECT_EQ(header.code_bits(), 10u);
  EXPECT_EQ(header.word_bytes(tensor), 16u);
  EXPECT_EQ(header.code_bytes(tensor), 15u);
  EXPECT_EQ(header.tensor_bytes(tensor), 8u + 16 + 15);
  header.codes = 1;
  EXPECT_EQ(header.code_bits(), 0u);
  EXPECT_EQ(header.tensor_bytes(tensor), 8u + 16);
  header.codes = 2;
  EXPECT_EQ(header.code_bits(), 1u);
  header.codes = 1U << 20;
  EXPECT_EQ(header.code_bits(), 20u);
  header.codec = Codec::kSingle;
  EXPECT_EQ(header.tensor_bytes(tensor), 8u + 12 * 16);
  EXPECT_EQ(header.tensor_bytes(header.tensors[1]), 24u);
}

TEST(ReadSeedFileHeader, WrittenHeader_ReadsBack) {
  const SeedFileHeader header = Example();
  const TempFolder folder;
  const auto file = InputFile::Open(folder.Write("m.seeds", WholeFile(header)));
  const auto loaded = ReadSeedFileHeader(**file);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->header.codec, header.codec);
  EXPECT_EQ(loaded->header.phase_bits, 4u);
  EXPECT_EQ(loaded->header.codes, 1000u);
  EXPECT_EQ(loaded->header.key, header.key);
  ASSERT_EQ(loaded->header.tensors.size(), 2u);
  EXPECT_EQ(loaded->header.tensors[0].info, header.tensors[0].info);
  EXPECT_EQ(loaded->header.tensors[0].tile, 8u);
  EXPECT_EQ(loaded->header.tensors[1].info, header.tensors[1].info);
  EXPECT_EQ(loaded->header.tensors[1].tile, 0u);
  EXPECT_EQ(loaded->header.metadata, header.metadata);
  EXPECT_EQ(loaded->starts[1] - loaded->starts[0], 39u);
  EXPECT_EQ(loaded->starts[1] + 24 + 16, (*file)->size());
  EXPECT_EQ(CheckSeedFileChecksum(**file), absl::OkStatus());
}

TEST(ReadSeedFileHeader, CutAnywhere_Truncated) {
  const std::string whole = WholeFile(Example());
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(Refusal(whole.substr(0, length)).find("the file is truncated: "), std::string::npos)
        << length;
  }
  EXPECT_EQ(Refusal(whole + "x"), "the file is too long: it has " +
                                      std::to_string(whole.size() + 1) + " bytes; expected " +
                                      std::to_string(whole.size()));
}

TEST(CheckSeedFileChecksum, AnyBitBehindTheHeaderFlipped_Damaged) {
  const std::string whole = WholeFile(Example());
  const size_t header = SeedFileHeaderBytes(Example()).size();
  for (size_t at = header; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    EXPECT_EQ(Refusal(bytes), "the seed file is damaged: its checksum does not match") << at;
  }
}

TEST(ReadSeedFileHeader, FlippedBitsOfTheHeader_AlwaysRefused) {
  const std::string whole = WholeFile(Example());
  const size_t header = SeedFileHeaderBytes(Example()).size();
  for (size_t bit = 0; bit < 8 * header; bit += 3) {
    std::string bytes = whole;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Refusal(bytes).empty()) << bit;
  }
}

TEST(ReadSeedFileHeader, FieldsOutOfRange_OneSentence) {
  const std::string whole = WholeFile(Example());
  EXPECT_EQ(Refusal("SEEDFILF" + whole.substr(8)),
            "not a seed file: it does not start with SEEDFILE");
  EXPECT_EQ(Refusal(WithNumber(whole, 8, 2)), "the seed file has version 2; expected 1");
  EXPECT_EQ(Refusal(WithNumber(whole, 12, 10)),
            "the header has 10 bytes; expected 56 to 100000000");
  EXPECT_EQ(Refusal(WithNumber(whole, 12, 100'000'001)),
            "the header has 100000001 bytes; expected 56 to 100000000");
  EXPECT_EQ(Refusal(WithNumber(whole, 20, 3)),
            "the codec number is 3; expected 1 (ensemble) or 2 (single)");
  EXPECT_EQ(Refusal(WithNumber(whole, 24, 3)), "phase bits is 3; expected 2 or 4");
  EXPECT_EQ(Refusal(WithNumber(whole, 28, 0)), "the number of codes is 0; expected 1 to 1048576");
  EXPECT_EQ(Refusal(WithNumber(whole, 28, 1048577)),
            "the number of codes is 1048577; expected 1 to 1048576");
  const std::string damaged = "the header is damaged: its parts do not fill it";
  EXPECT_EQ(Refusal(WithNumber(whole, 48, 1)), damaged);
  EXPECT_EQ(Refusal(WithNumber(whole, 52, 3)), damaged);
  EXPECT_EQ(Refusal(WithNumber(whole, 56, 0xffffffff)), damaged);
  // The first tensor: name length at 56, name, dtype at 61, tile at 65, dimensions at 69, sizes.
  EXPECT_EQ(Refusal(WithNumber(whole, 61, 0)),
            "tensor 'w' has the dtype number 0; expected 1 to 4");
  EXPECT_EQ(Refusal(WithNumber(whole, 65, 24)),
            "tensor 'w' has the tile side 24; expected 0 or a power of two from 4 to 256");
  EXPECT_EQ(Refusal(WithNumber(whole, 73, 0)),
            "tensor 'w' has the shape 0x3x10, which holds no values");
}

TEST(ReadSeedFileHeader, TileRowThatNoMemoryHolds_Refused) {
  SeedFileHeader header;
  header.tensors = {{{"w", DType::kF32, {256, 1U << 21}}, 256}};
  EXPECT_EQ(Refusal(WholeFile(header)),
            "a tile row of tensor 'w' has 2147483648 bytes; expected at most 1073741824");
}

TEST(ReadSeedFileHeader, SameNameTwice_Refused) {
  SeedFileHeader header;
  header.tensors = {{{"w", DType::kF32, {1}}, 0}, {{"w", DType::kF32, {1}}, 0}};
  EXPECT_EQ(Refusal(WholeFile(header)), "the tensor 'w' stands twice");
}

TEST(PackCodes, EveryWidth_ReadsBack) {
  for (uint32_t bits = 1; bits <= 20; ++bits) {
    std::vector<uint32_t> codes;
    for (uint32_t i = 0; i < 100; ++i) codes.push_back(i * 2654435761U >> (32 - bits));
    const std::string packed = PackCodes(codes, bits);
    EXPECT_EQ(packed.size(), (100 * bits + 7) / 8);
    for (size_t i = 0; i < codes.size(); ++i) {
      ASSERT_EQ(LoadPackedCode(packed, bits, i), codes[i]) << bits << " " << i;
    }
  }
}

TEST(PackCodes, FirstCode_LeastSignificantBits) {
  EXPECT_EQ(PackCodes({0x5, 0x3, 0x6}, 3), std::string("\x9d\x01", 2));
  EXPECT_EQ(PackCodes({}, 3), "");
}

}  // namespace
}  // namespace seedfed
