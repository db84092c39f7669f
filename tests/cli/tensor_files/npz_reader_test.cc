#include "cli/tensor_files/npz_reader.h"

#include <gtest/gtest.h>

#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

absl::StatusOr<std::unique_ptr<TensorReader>> OpenBytes(const TempFolder& folder,
                                                        const std::string& bytes) {
  auto file = InputFile::Open(folder.Write("m.npz", bytes));
  if (!file.ok()) return file.status();
  return OpenNpz(*std::move(file));
}

// The sentence without the file's name.
std::string Refusal(const std::string& bytes) {
  const TempFolder folder;
  absl::Status status;
  auto reader = OpenBytes(folder, bytes);
  if (!reader.ok()) {
    status = reader.status();
  } else {
    for (size_t i = 0; i < (*reader)->tensors().size() && status.ok(); ++i) {
      status = ReadValues(**reader, i).status();
    }
  }
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  const std::string path = folder / "m.npz";
  const std::string message(status.message());
  EXPECT_EQ(message.substr(0, path.size() + 2), path + ": ");
  return message.substr(std::min(message.size(), path.size() + 2));
}

std::string Replaced(std::string bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  for (size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1)) {
    bytes.replace(at, from.size(), to);
  }
  return bytes;
}

TEST(OpenNpz, CompressedFileOfNumPy_TensorsInAnyOrder) {
  const TempFolder folder;
  const auto reader = OpenBytes(folder, GoldenNpz());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->tensors(),
            (std::vector<TensorInfo>{{"w", DType::kF32, {3, 2}}, {"b", DType::kF16, {1}}}));
  EXPECT_EQ(ReadValues(**reader, 1).value(), std::vector<double>{1.5});
  EXPECT_EQ(ReadValues(**reader, 0).value(), GoldenValues());
  EXPECT_EQ(ReadValues(**reader, 0, 1).value(), GoldenValues());
}

TEST(OpenNpz, CutAnywhere_TruncatedOrDamaged) {
  const std::string whole = GoldenNpz();
  for (size_t length = 0; length < whole.size(); length += 3) {
    EXPECT_EQ(
        Refusal(whole.substr(0, length)).rfind("the zip archive is truncated or damaged: ", 0), 0u)
        << length;
  }
}

TEST(OpenNpz, ChangedByteOfTheValues_ChecksumDoesNotMatch) {
  std::string bytes = GoldenNpz();
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  const std::string refusal = Refusal(bytes);
  EXPECT_EQ(refusal.rfind("entry 'w.npy'", 0), 0u) << refusal;
}

TEST(OpenNpz, EntryThatIsNoNpy_NamesIt) {
  EXPECT_EQ(Refusal(Replaced(GoldenNpz(), "b.npy", "b.txt")), "entry 'b.txt' is not an .npy file");
}

TEST(OpenNpz, SameNameTwice_Refused) {
  EXPECT_EQ(Refusal(Replaced(GoldenNpz(), "b.npy", "w.npy")), "the tensor 'w' stands twice");
}

TEST(OpenNpz, SizeThatDeflateCannotReach_RefusedBeforeItIsUnpacked) {
  // The unpacked size of w in the central directory, 0x98.
  const std::string entry("\x5d\0\0\0\x98\0\0\0\5\0\0\0", 12);
  EXPECT_EQ(Refusal(Replaced(GoldenNpz(), entry, std::string("\x5d\0\0\0\0\0\0\x7f\5\0\0\0", 12))),
            "entry 'w.npy': the entry cannot unpack to 2130706432 bytes");
}

TEST(OpenNpz, SizeThatIsNotTheArrays_Refused) {
  const std::string entry("\x5d\0\0\0\x98\0\0\0\5\0\0\0", 12);
  EXPECT_EQ(Refusal(Replaced(GoldenNpz(), entry, std::string("\x5d\0\0\0\x99\0\0\0\5\0\0\0", 12))),
            "entry 'w.npy': the entry has 153 bytes; expected 152");
}

TEST(OpenNpz, EmptyArchive_NoTensors) {
  const TempFolder folder;
  const auto reader = OpenBytes(folder, "PK\5\6" + std::string(18, '\0'));
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_TRUE((*reader)->tensors().empty());
}

}  // namespace
}  // namespace seedfed
