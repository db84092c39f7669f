#include "cli/model_source/snapshot_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/model_source/open_file.h"
#include "tests/cli/model_source/example_models.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

TEST(SnapshotSource, Snapshot_IsTheFile) {
  const TempFolder folder;
  const std::string bytes = ExampleModel(Mode::kRolling, 2).model.SaveSnapshot();
  auto file = InputFile::Open(folder.Write("m.seedfed", bytes)).value();
  const auto source = OpenModelSource(file, std::nullopt).value();
  EXPECT_EQ(source->Snapshot().value(), bytes);
  EXPECT_EQ(source->Key().value(), std::nullopt);
  EXPECT_EQ(source->Normalisation().value(), std::nullopt);
  EXPECT_THAT(std::string(source->ReadRounds(2, nullptr).message()),
              HasSubstr("m.seedfed is a snapshot, which does not hold the words"));
}

TEST(SnapshotSource, Damaged_NamesTheFile) {
  const TempFolder folder;
  std::string bytes = ExampleModel(Mode::kRolling, 2).model.SaveSnapshot();
  bytes[70] ^= 1;
  SnapshotSource source(InputFile::Open(folder.Write("m.seedfed", bytes)).value());
  EXPECT_EQ(
      source.Snapshot().status().message(),
      (folder / "m.seedfed").string() + ": the snapshot is damaged: its checksum does not match");
}

TEST(OpenModelSource, OtherFile_NullAndNotTaken) {
  const TempFolder folder;
  auto file = InputFile::Open(folder.Write("x", "something else")).value();
  EXPECT_EQ(OpenModelSource(file, std::nullopt).value(), nullptr);
  EXPECT_NE(file, nullptr);
}

}  // namespace
}  // namespace seedfed
