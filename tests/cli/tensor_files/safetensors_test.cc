#include "cli/tensor_files/safetensors.h"

#include <gtest/gtest.h>

#include "common/base/bytes.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

absl::StatusOr<std::unique_ptr<TensorReader>> OpenBytes(const TempFolder& folder,
                                                        const std::string& bytes) {
  auto file = InputFile::Open(folder.Write("m.safetensors", bytes));
  if (!file.ok()) return file.status();
  return OpenSafetensors(*std::move(file));
}

std::string Refusal(const std::string& bytes) {
  const TempFolder folder;
  const absl::Status status = OpenBytes(folder, bytes).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  const std::string path = folder / "m.safetensors";
  const std::string message(status.message());
  EXPECT_EQ(message.substr(0, path.size() + 2), path + ": ");
  return message.substr(std::min(message.size(), path.size() + 2));
}

std::string WithLength(uint64_t length, const std::string& rest) {
  std::string bytes;
  AppendLittleEndian(length, bytes);
  return bytes + rest;
}

TEST(OpenSafetensors, FileOfTheReferenceLibrary_TensorsInAnyOrder) {
  const TempFolder folder;
  const auto reader = OpenBytes(folder, GoldenSafetensors());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->tensors(),
            (std::vector<TensorInfo>{{"w", DType::kF32, {3, 2}}, {"b", DType::kF16, {1}}}));
  EXPECT_EQ((*reader)->metadata(), (Metadata{{"format", "np"}}));
  EXPECT_EQ(ReadValues(**reader, 1).value(), std::vector<double>{1.5});
  EXPECT_EQ(ReadValues(**reader, 0, 4).value(), GoldenValues());
}

TEST(OpenSafetensors, CutAnywhere_Truncated) {
  const std::string whole = GoldenSafetensors();
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(Refusal(whole.substr(0, length)).find("truncated"), std::string::npos) << length;
  }
  EXPECT_EQ(Refusal(whole.substr(0, 50)),
            "the file is truncated: its header has 144 bytes, but only 42 follow");
}

TEST(OpenSafetensors, HugeHeader_RefusedBeforeItIsRead) {
  EXPECT_EQ(Refusal(WithLength(100'000'001, "{}")),
            "the header has 100000001 bytes; expected at most 100000000");
  EXPECT_EQ(Refusal(WithLength(~uint64_t{0}, "{}")),
            "the header has 18446744073709551615 bytes; expected at most 100000000");
}

TEST(OpenSafetensors, HeaderThatIsNotJson_SaysSo) {
  EXPECT_EQ(Refusal(WithLength(4, "abcd")), "the header is not JSON (from its byte 1 on)");
}

TEST(OpenSafetensors, EmptyHeader_NoTensors) {
  const TempFolder folder;
  const auto reader = OpenBytes(folder, WithLength(2, "{}"));
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE((*reader)->tensors().empty());
}

}  // namespace
}  // namespace seedfed
