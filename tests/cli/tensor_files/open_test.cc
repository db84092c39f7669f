#include "cli/tensor_files/open.h"

#include <gtest/gtest.h>

#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

std::string FormatOf(const std::string& name, const std::string& bytes) {
  const TempFolder folder;
  const auto reader = OpenTensors(*InputFile::Open(folder.Write(name, bytes)));
  EXPECT_TRUE(reader.ok()) << reader.status();
  return reader.ok() ? std::string((*reader)->format()) : "";
}

std::string Refusal(const std::string& name, const std::string& bytes) {
  const TempFolder folder;
  const auto reader = OpenTensors(*InputFile::Open(folder.Write(name, bytes)));
  EXPECT_TRUE(absl::IsInvalidArgument(reader.status())) << reader.status();
  return std::string(reader.status().message()).substr((folder / name).string().size());
}

TEST(OpenTensors, AnyName_TheContentsDecide) {
  for (const char* name : {"a", "a.npy", "a.npz", "a.safetensors"}) {
    EXPECT_EQ(FormatOf(name, GoldenNpy()), "npy");
    EXPECT_EQ(FormatOf(name, GoldenNpz()), "npz");
    EXPECT_EQ(FormatOf(name, GoldenSafetensors()), "safetensors");
  }
}

TEST(OpenTensors, UnknownContents_ShowsTheFirstBytes) {
  EXPECT_EQ(
      Refusal("a.npy", "hello world, this is text"),
      ": neither .npy, .npz, .safetensors, a seed file nor a snapshot: it starts with the bytes "
      "68656c6c6f20776f");
  EXPECT_EQ(
      Refusal("a", "x"),
      ": neither .npy, .npz, .safetensors, a seed file nor a snapshot: it starts with the bytes "
      "78");
}

TEST(OpenTensors, EmptyFile_SaysSo) { EXPECT_EQ(Refusal("a.npy", ""), ": the file is empty"); }

TEST(OpenTensors, UnknownContentsNamedSafetensors_TheHeadersError) {
  EXPECT_EQ(Refusal("a.safetensors", std::string("\4\0\0\0\0\0\0\0abcd", 12)),
            ": the header is not JSON (from its byte 1 on)");
}

TEST(OpenTensors, DamagedSnapshot_SaysSo) {
  EXPECT_EQ(Refusal("model.seedfed", "SEEDSNAP and not much more"),
            ": these bytes are not a seedfed snapshot");
}

}  // namespace
}  // namespace seedfed
