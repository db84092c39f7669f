#include "cli/model_source/words_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/base/bytes.h"
#include "tests/cli/model_source/example_models.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

absl::StatusOr<WordsFile> OpenBytes(const TempFolder& folder, const std::string& bytes) {
  return WordsFile::Open(InputFile::Open(folder.Write("x.words", bytes)).value());
}

std::vector<std::string> Rounds(const WordsFile& file, uint32_t last) {
  std::vector<std::string> rounds;
  EXPECT_TRUE(file.ReadRounds(last,
                              [&rounds](uint32_t, absl::string_view words) {
                                rounds.emplace_back(words);
                                return absl::OkStatus();
                              })
                  .ok());
  return rounds;
}

// `bytes` with its checksum made right again.
std::string Sealed(std::string bytes) {
  bytes.resize(bytes.size() - 16);
  return bytes + ToBytes(Blake2b128(bytes));
}

class WordsFileTest : public testing::Test {
 protected:
  const TempFolder folder_;
  const ExampleModel example_{Mode::kRolling, 3};
  const std::string bytes_ = ReadFile(example_.WriteWords(folder_, example_.Header()));
};

TEST_F(WordsFileTest, Bytes_AreThoseOfTheDocument) {
  const std::string spec = SpecBytes(example_.model.spec());
  EXPECT_EQ(bytes_.substr(0, 8), "SEEDWORD");
  EXPECT_EQ(LoadLittleEndian<uint32_t>(bytes_.data() + 8), 1u);
  EXPECT_EQ(LoadLittleEndian<uint32_t>(bytes_.data() + 12), 1u);
  EXPECT_EQ(LoadLittleEndian<uint32_t>(bytes_.data() + 16), 3u);
  EXPECT_EQ(bytes_.substr(20, 32), ToBytes(example_.model.fingerprint()));
  EXPECT_EQ(bytes_.substr(52, 16), ToBytes(ExampleKey().bytes()));
  EXPECT_EQ(bytes_.substr(68, 16), std::string(16, '\0'));
  EXPECT_EQ(bytes_.substr(84, spec.size()), spec);
  EXPECT_EQ(bytes_.substr(84 + spec.size(), bytes_.size() - 84 - spec.size() - 16),
            example_.words[0] + example_.words[1] + example_.words[2]);
  EXPECT_EQ(bytes_, Sealed(bytes_));
}

TEST_F(WordsFileTest, Rounds_ComeBackInOrder) {
  const WordsFile file = OpenBytes(folder_, bytes_).value();
  EXPECT_EQ(file.header().round, 3u);
  EXPECT_EQ(file.header().key, ExampleKey());
  EXPECT_EQ(file.header().normalisation, std::nullopt);
  EXPECT_EQ(Rounds(file, 3), example_.words);
  EXPECT_EQ(Rounds(file, 2).size(), 2u);
}

TEST_F(WordsFileTest, WithoutKeyWithNormalisation_FlagsSayIt) {
  WordsHeader header = example_.Header();
  header.key.reset();
  header.normalisation = {0.25, 2};
  const std::string bytes = ReadFile(example_.WriteWords(folder_, header));
  EXPECT_EQ(LoadLittleEndian<uint32_t>(bytes.data() + 12), 2u);
  EXPECT_EQ(bytes.substr(52, 16), std::string(16, '\0'));
  const WordsFile file = OpenBytes(folder_, bytes).value();
  EXPECT_EQ(file.header().key, std::nullopt);
  EXPECT_EQ(file.header().normalisation, header.normalisation);
}

TEST_F(WordsFileTest, Pure_HasOneRound) {
  const ExampleModel pure(Mode::kPure, 4);
  const WordsFile file =
      OpenBytes(folder_, ReadFile(pure.WriteWords(folder_, pure.Header()))).value();
  EXPECT_EQ(file.header().first_round(), 4u);
  EXPECT_EQ(Rounds(file, 4), std::vector<std::string>{pure.words.back()});
}

TEST_F(WordsFileTest, CutAnywhere_Refused) {
  for (size_t size = 0; size < bytes_.size(); ++size) {
    const auto file = OpenBytes(folder_, bytes_.substr(0, size));
    ASSERT_FALSE(file.ok()) << size;
    EXPECT_THAT(std::string(file.status().message()), HasSubstr("x.words")) << size;
  }
  EXPECT_THAT(std::string(OpenBytes(folder_, bytes_ + "x").status().message()),
              HasSubstr("x.words"));
}

TEST_F(WordsFileTest, AnyByteChanged_Refused) {
  for (size_t at = 0; at < bytes_.size(); ++at) {
    std::string damaged = bytes_;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(OpenBytes(folder_, damaged).ok()) << at;
  }
}

TEST_F(WordsFileTest, DamagedWords_SaysSo) {
  std::string damaged = bytes_;
  damaged[damaged.size() - 20] ^= 1;
  EXPECT_EQ(
      OpenBytes(folder_, damaged).status().message(),
      (folder_ / "x.words").string() + ": the words file is damaged: its checksum does not match");
}

TEST_F(WordsFileTest, OtherVersionOrFlags_Refused) {
  std::string other = bytes_;
  other[8] = 2;
  EXPECT_THAT(std::string(OpenBytes(folder_, Sealed(other)).status().message()),
              HasSubstr("the words file has version 2; expected 1"));
  other = bytes_;
  other[12] = 4;
  EXPECT_THAT(std::string(OpenBytes(folder_, Sealed(other)).status().message()),
              HasSubstr("the words file has the flags 4; expected 0 to 3"));
}

TEST_F(WordsFileTest, MoreRoundsThanBytes_Truncated) {
  std::string other = bytes_;
  other[19] = '\xff';  // some billions of rounds
  EXPECT_THAT(std::string(OpenBytes(folder_, Sealed(other)).status().message()),
              HasSubstr("truncated"));
}

TEST(WordsWriter, WordsMissing_EndFails) {
  const TempFolder folder;
  const ExampleModel example(Mode::kRolling, 2);
  const auto out = OutputFile::Create(folder / "x.words").value();
  WordsWriter writer(*out);
  ASSERT_TRUE(writer.Begin(example.Header()).ok());
  ASSERT_TRUE(writer.Add(example.words[0]).ok());
  EXPECT_TRUE(absl::IsInternal(writer.End()));
}

}  // namespace
}  // namespace seedfed
