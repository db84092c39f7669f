#include "cli/tensor_files/tensor_writer.h"

#include <gtest/gtest.h>

#include "cli/tensor_files/open.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

FakeReader GoldenTensors() {
  FakeReader reader;
  reader.Add({"w", DType::kF32, {3, 2}}, GoldenValues());
  reader.Add({"b", DType::kF16, {1}}, {1.5});
  return reader;
}

absl::Status WriteTo(const std::string& path, TensorReader& source, FileFormat format) {
  auto out = OutputFile::Create(path);
  if (!out.ok()) return out.status();
  if (absl::Status written = WriteTensors(source, format, **out); !written.ok()) return written;
  return (*out)->Commit();
}

TEST(WriteTensors, Safetensors_TheBytesOfTheReferenceLibrary) {
  const TempFolder folder;
  FakeReader reader = GoldenTensors();
  reader.set_metadata({{"format", "np"}});
  ASSERT_EQ(WriteTo(folder / "m.safetensors", reader, FileFormat::kSafetensors), absl::OkStatus());
  EXPECT_EQ(ReadFile(folder / "m.safetensors"), GoldenSafetensors());
}

TEST(WriteTensors, Npy_TheBytesOfNumPy) {
  const TempFolder folder;
  FakeReader reader;
  reader.Add({"w", DType::kF32, {3, 2}}, GoldenValues());
  ASSERT_EQ(WriteTo(folder / "w.npy", reader, FileFormat::kNpy), absl::OkStatus());
  EXPECT_EQ(ReadFile(folder / "w.npy"), GoldenNpy());
}

TEST(WriteTensors, EveryFormat_ReadsBackAsItWas) {
  const TempFolder folder;
  std::vector<double> many(100'000);
  for (size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(i) / 8 - 77;
  for (const FileFormat format : {FileFormat::kNpz, FileFormat::kSafetensors}) {
    FakeReader reader = GoldenTensors();
    reader.Add({"dir/many", DType::kF64, {100, 1000}}, many);
    reader.Add({"s", DType::kF64, {}}, {-3});
    const std::string path = folder / "file";
    ASSERT_EQ(WriteTo(path, reader, format), absl::OkStatus());
    const auto back = OpenTensors(*InputFile::Open(path));
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ((*back)->format(), FormatName(format));
    EXPECT_EQ((*back)->tensors(), reader.tensors());
    for (size_t i = 0; i < reader.tensors().size(); ++i) {
      EXPECT_EQ(ReadValues(**back, i, 999).value(), ReadValues(reader, i, 999).value());
    }
  }
}

TEST(WriteTensors, NpzTwice_TheSameBytes) {
  const TempFolder folder;
  FakeReader reader = GoldenTensors();
  ASSERT_EQ(WriteTo(folder / "a.npz", reader, FileFormat::kNpz), absl::OkStatus());
  ASSERT_EQ(WriteTo(folder / "b.npz", reader, FileFormat::kNpz), absl::OkStatus());
  EXPECT_EQ(ReadFile(folder / "a.npz"), ReadFile(folder / "b.npz"));
}

TEST(WriteTensors, SourceFails_ItsErrorAndNoFile) {
  for (const FileFormat format : {FileFormat::kNpy, FileFormat::kNpz, FileFormat::kSafetensors}) {
    const TempFolder folder;
    FakeReader reader;
    reader.Add({"w", DType::kF32, {100, 1000}}, std::vector<double>(100'000, 1));
    reader.FailAfter(100'000, absl::InvalidArgumentError("the source broke"));
    EXPECT_EQ(WriteTo(folder / "out", reader, format),
              absl::InvalidArgumentError("the source broke"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  }
}

TEST(WriteTensors, SeveralTensorsAsNpy_SaysWhatCanHoldThem) {
  const TempFolder folder;
  FakeReader reader = GoldenTensors();
  EXPECT_EQ(WriteTo(folder / "m.npy", reader, FileFormat::kNpy).message(),
            (folder / "m.npy").string() +
                ": there are 2 tensors, and an .npy file holds one; write .npz or .safetensors");
}

TEST(WriteTensors, Bfloat16_OnlyInSafetensors) {
  const TempFolder folder;
  FakeReader reader;
  reader.Add({"w", DType::kBF16, {2}}, {1, -5});
  EXPECT_EQ(WriteTo(folder / "m.npz", reader, FileFormat::kNpz).message(),
            "tensor 'w' is BF16, which NumPy files cannot hold; write a .safetensors file");
  EXPECT_EQ(WriteTo(folder / "m.safetensors", reader, FileFormat::kSafetensors), absl::OkStatus());
}

TEST(FormatOfPath, Extensions_TheirFormats) {
  EXPECT_EQ(FormatOfPath("a/b.npy").value(), FileFormat::kNpy);
  EXPECT_EQ(FormatOfPath("b.npz").value(), FileFormat::kNpz);
  EXPECT_EQ(FormatOfPath("b.safetensors").value(), FileFormat::kSafetensors);
  EXPECT_EQ(
      FormatOfPath("b.txt").status().message(),
      "the output 'b.txt' does not end in .npy, .npz or .safetensors; name one with --format");
  EXPECT_FALSE(FormatOfPath("-").ok());
}

TEST(ParseFormat, OtherNames_Refused) {
  EXPECT_EQ(ParseFormat("npz").value(), FileFormat::kNpz);
  EXPECT_EQ(ParseFormat("zip").status().message(), "format 'zip' is not npy, npz or safetensors");
}

}  // namespace
}  // namespace seedfed
