#include "cli/inspect/seed_file_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <memory>
#include <string>

#include "common/base/bytes.h"
#include "common/base/hash.h"
#include "common/codec/single_word.h"
#include "tests/cli/temp_folder.h"

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "ff00000000000000000000000000007f";

std::string ScaleBytes(double scale) {
  std::string bytes;
  AppendLittleEndian(std::bit_cast<uint64_t>(scale), bytes);
  return bytes;
}

// A 9 x 5 matrix in 3 x 2 tiles of 4, and a bias as it is.
SeedFileHeader Header(Codec codec) {
  SeedFileHeader header;
  header.codec = codec;
  header.codes = codec == Codec::kEnsemble ? 256 : 1;
  header.key = FederationKey::Parse(kKey).value();
  header.tensors = {{{"layer.weight", DType::kF32, {9, 5}}, 4},
                    {{"layer.bias", DType::kF16, {9}}, 0}};
  header.metadata = {{"made", "by hand"}};
  return header;
}

// The header, the matrix's scale and `words`, codes, the bias, the checksum.
std::string Content(const SeedFileHeader& header, const std::string& words, double scale = 0.5) {
  const std::string content = SeedFileHeaderBytes(header) + ScaleBytes(scale) + words +
                              std::string(header.code_bytes(header.tensors[0]), '\x07') +
                              std::string(18, 'b');
  return content + ToBytes(Blake2b128(content));
}

// Six seeds with r of 1 to 6 sevenths of 1/2, the others not zero either, but unused.
std::string EnsembleWords() {
  std::string word = "\x08";
  for (int i = 1; i <= 15; ++i) word += static_cast<char>((i <= 6 ? i : 7) << 5);
  return word;
}

class SeedFileReportTest : public testing::Test {
 protected:
  absl::StatusOr<SeedFileSummary> Summarise(const std::string& content) {
    const std::string path = folder_.Write("w.seeds", content).string();
    const auto file = InputFile::Open(path);
    EXPECT_TRUE(file.ok()) << file.status();
    absl::StatusOr<SeedFileSummary> summary = SummariseSeedFile(**file);
    if (summary.ok()) summary->name = "w.seeds";
    return summary;
  }

  const TempFolder folder_;
};

TEST_F(SeedFileReportTest, Ensemble_CountsTheSeedsInUse) {
  const auto summary = Summarise(Content(Header(Codec::kEnsemble), EnsembleWords()));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_TRUE(summary->valid.ok());
  ASSERT_EQ(summary->tensors.size(), 2U);
  const TensorSummary& tensor = summary->tensors[0];
  EXPECT_EQ(tensor.scale, 0.5);
  EXPECT_EQ(tensor.words.words, 1U);
  EXPECT_EQ(tensor.words.r.count(), 6U);
  EXPECT_EQ(tensor.words.exponent.max(), 8);
  EXPECT_DOUBLE_EQ(tensor.words.r.min(), 0.5 / 7);
  EXPECT_DOUBLE_EQ(tensor.words.r.max(), 0.5 * 6 / 7);
  EXPECT_EQ(summary->tensors[1].words.words, 0U);
}

TEST_F(SeedFileReportTest, Single_FirstWordThatIsNotValidIsNamed) {
  std::string words;
  for (int i = 0; i < 6; ++i) {
    char bytes[kWordBytes];
    StoreWord(PackSingle({.r = 0.125F * static_cast<float>(i), .theta = 0, .code = 7}), bytes);
    words.append(bytes, kWordBytes);
  }
  const auto good = Summarise(Content(Header(Codec::kSingle), words));
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_TRUE(good->valid.ok());
  EXPECT_EQ(good->tensors[0].words.zero_seeds, 1U);
  EXPECT_EQ(good->tensors[0].words.r.max(), 0.625);

  words[2 * kWordBytes + 15] = '\x7f';  // r of word 2
  const auto bad = Summarise(Content(Header(Codec::kSingle), words));
  ASSERT_TRUE(bad.ok()) << bad.status();
  EXPECT_THAT(std::string(bad->valid.message()), HasSubstr("tensor 'layer.weight': word 2: r is "));
  EXPECT_EQ(bad->tensors[0].words.invalid, 1U);
}

TEST_F(SeedFileReportTest, WrongScale_IsNotValid) {
  const auto summary = Summarise(Content(Header(Codec::kEnsemble), EnsembleWords(), -1));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->valid.message(),
            "tensor 'layer.weight': the scale is -1; expected a finite number of at least 0");
}

TEST_F(SeedFileReportTest, Damaged_IsOneSentence) {
  std::string content = Content(Header(Codec::kEnsemble), EnsembleWords());
  content[content.size() - 20] = 'c';
  EXPECT_THAT(std::string(Summarise(content).status().message()),
              HasSubstr("w.seeds: the seed file is damaged: its checksum does not match"));
  content.resize(content.size() - 1);
  EXPECT_THAT(std::string(Summarise(content).status().message()), HasSubstr("truncated"));
}

TEST_F(SeedFileReportTest, Text_Golden) {
  const auto summary = Summarise(Content(Header(Codec::kEnsemble), EnsembleWords()));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(SeedFileText(*summary, false),
            R"(Seed file  w.seeds
Version    1
Size       217 bytes for 198 bytes of values: 0.91:1
Words      ensemble, 2 phase bits
Codes      256 to choose from, 8 bits a tile beside its word
Key        not shown (--show-key)
Checksum   matches
Valid      yes
Metadata   'made': 'by hand'

tensor          dtype  shape  tile  words  bytes  smaller  scale  zero seeds  mean r
'layer.weight'  F32      9x5     4      1     30      6:1    0.5           0    0.25
'layer.bias'    F16        9     -      -     18      1:1      -           -       -
)");
}

TEST_F(SeedFileReportTest, Key_IsShownOnlyWhenAskedFor) {
  const auto summary = Summarise(Content(Header(Codec::kEnsemble), EnsembleWords()));
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_THAT(SeedFileText(*summary, false), Not(HasSubstr(kKey)));
  EXPECT_THAT(SeedFileText(*summary, true), HasSubstr(kKey));
  EXPECT_THAT(SeedFileJson(*summary, false).dump(), Not(HasSubstr(kKey)));
  EXPECT_EQ(SeedFileJson(*summary, true)["key"], kKey);
}

TEST_F(SeedFileReportTest, Json_HasEverything) {
  const auto summary = Summarise(Content(Header(Codec::kEnsemble), EnsembleWords()));
  ASSERT_TRUE(summary.ok()) << summary.status();
  const auto json = SeedFileJson(*summary, false);
  EXPECT_EQ(json["kind"], "seeds");
  EXPECT_EQ(json["valid"], true);
  EXPECT_EQ(json["codes"], 256);
  EXPECT_EQ(json["metadata"]["made"], "by hand");
  const auto& matrix = json["tensors"][0];
  EXPECT_EQ(matrix["shape"], (std::vector<int>{9, 5}));
  EXPECT_EQ(matrix["tiles"], 6);
  EXPECT_EQ(matrix["exponent"]["min"], 8.0);
  EXPECT_DOUBLE_EQ(matrix["r"]["mean"].get<double>(), 0.25);
  EXPECT_EQ(json["tensors"][1]["tile"], 0);
  EXPECT_FALSE(json["tensors"][1].contains("words"));
}

}  // namespace
}  // namespace seedfed
