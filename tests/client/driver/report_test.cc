#include "client/driver/report.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace seedfed {
namespace {

action::Evaluate ExampleRound() {
  action::Evaluate round;
  round.round = 3;
  round.summary = RoundSummary{4, 100, 0.5, 16402, absl::Milliseconds(1250)};
  round.bytes_down = 4016;
  round.fingerprint.fill(0xab);
  round.base_checksum.fill(0x01);
  return round;
}

TEST(EvaluationLine, AllKnown_HasEveryField) {
  EXPECT_EQ(EvaluationLine(ExampleRound(), {0.75, 0.5, 100}),
            "{\"round\":3,\"accuracy\":0.75,\"loss\":0.5,\"bytes_up\":4100,\"bytes_down\":4016,"
            "\"seconds\":1.25,\"fingerprint\":"
            "\"abababababababababababababababababababababababababababababababab\","
            "\"base_checksum\":\"01010101010101010101010101010101\"}");
}

TEST(EvaluationLine, AfterASnapshot_HasNulls) {
  action::Evaluate round = ExampleRound();
  round.summary.reset();
  round.bytes_down.reset();
  EXPECT_EQ(EvaluationLine(round, {0.75, 0.5, 100}).substr(0, 89),
            "{\"round\":3,\"accuracy\":0.75,\"loss\":0.5,\"bytes_up\":null,\"bytes_down\":null,"
            "\"seconds\":"
            "null,\"f");
}

TEST(EvaluationLine, RoundWithoutUpdates_HasNoBytesUp) {
  action::Evaluate round = ExampleRound();
  round.summary->updates = 0;
  EXPECT_NE(EvaluationLine(round, {0.75, 0.5, 100}).find("\"bytes_up\":null"), std::string::npos);
}

TEST(TrainingLine, HasEveryField) {
  const RoundUpdate update = {2, "words", 2000, 0.625f};
  EXPECT_EQ(TrainingLine(update, SubmitOutcome::kAccepted, absl::Milliseconds(410)),
            "{\"round\":2,\"outcome\":\"accepted\",\"loss\":0.625,\"examples\":2000,\"bytes\":5,"
            "\"seconds\":0.41}");
  EXPECT_NE(
      TrainingLine(update, SubmitOutcome::kLate, absl::Seconds(1)).find("\"outcome\":\"late\""),
      std::string::npos);
}

TEST(LineFile, EachLine_IsThereAtOnce) {
  const std::filesystem::path path =
      std::filesystem::path(::testing::TempDir()) / "seedfed_report_test.jsonl";
  std::ofstream(path) << "old\n";
  absl::StatusOr<LineFile> file = LineFile::Open(path.string());
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->Write("one").ok());
  ASSERT_TRUE(file->Write("two").ok());
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), "one\ntwo\n");
  std::filesystem::remove(path);
}

TEST(LineFile, CannotBeWritten_NamesTheFile) {
  EXPECT_EQ(
      LineFile::Open("/no/such/folder/x").status(),
      absl::InvalidArgumentError("cannot write /no/such/folder/x: No such file or directory"));
  absl::StatusOr<LineFile> full = LineFile::Open("/dev/full");
  ASSERT_TRUE(full.ok()) << full.status();
  EXPECT_EQ(full->Write("x"),
            absl::InternalError("cannot write /dev/full: No space left on device"));
}

}  // namespace
}  // namespace seedfed
