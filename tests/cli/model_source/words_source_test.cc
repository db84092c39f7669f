#include "cli/model_source/words_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/model_source/open_file.h"
#include "tests/cli/model_source/example_models.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

std::unique_ptr<ModelSource> Open(const std::string& path,
                                  std::optional<FederationKey> key = std::nullopt) {
  auto file = InputFile::Open(path).value();
  return OpenModelSource(file, key).value();
}

TEST(WordsSource, Rolling_SameModelFromWordsAlone) {
  const TempFolder folder;
  for (const uint32_t rounds : {0u, 1u, 5u}) {
    const ExampleModel example(Mode::kRolling, rounds);
    const auto source = Open(example.WriteWords(folder, example.Header()));
    EXPECT_EQ(source->Snapshot().value(), example.model.SaveSnapshot());
  }
}

TEST(WordsSource, Pure_SameModelWithoutAKey) {
  const TempFolder folder;
  const ExampleModel example(Mode::kPure, 2);
  const auto source = Open(example.WriteWords(folder, example.Header()));
  EXPECT_EQ(source->Key().value(), std::nullopt);
  EXPECT_EQ(source->Snapshot().value(), example.model.SaveSnapshot());
}

TEST(WordsSource, WithoutKey_NeedsItFromElsewhere) {
  const TempFolder folder;
  const ExampleModel example(Mode::kRolling, 2);
  WordsHeader header = example.Header();
  header.key.reset();
  const std::string path = example.WriteWords(folder, header);
  EXPECT_THAT(std::string(Open(path)->Snapshot().status().message()), HasSubstr("--key-file"));
  EXPECT_EQ(Open(path, ExampleKey())->Snapshot().value(), example.model.SaveSnapshot());
  EXPECT_THAT(
      std::string(Open(path, FederationKey::Parse("8").value())->Snapshot().status().message()),
      HasSubstr("the key is another one"));
}

TEST(WordsSource, EarlierRound_CanBeMade) {
  const TempFolder folder;
  const ExampleModel example(Mode::kRolling, 4), earlier(Mode::kRolling, 2);
  const auto source = Open(example.WriteWords(folder, example.Header()));
  EXPECT_EQ(RebuildSnapshot(*source, example.model.spec(), 2).value(),
            earlier.model.SaveSnapshot());
  EXPECT_TRUE(absl::IsOutOfRange(RebuildSnapshot(*source, example.model.spec(), 5).status()));
}

TEST(ReadKeyFile, BothTextForms_AndNothingElse) {
  const TempFolder folder;
  EXPECT_EQ(ReadKeyFile(folder.Write("a", "7\n")).value(), ExampleKey());
  EXPECT_EQ(ReadKeyFile(folder.Write("b", "07000000000000000000000000000000")).value(),
            ExampleKey());
  const std::string secret = folder.Write("c", "not-a-key");
  EXPECT_EQ(ReadKeyFile(secret).status().message(),
            secret +
                ": not a federation key: expected one line of 32 hexadecimal digits, or a "
                "number below 2^64");
}

}  // namespace
}  // namespace seedfed
