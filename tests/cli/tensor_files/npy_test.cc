#include "cli/tensor_files/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/bytes.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

absl::StatusOr<std::unique_ptr<TensorReader>> OpenBytes(const TempFolder& folder,
                                                        const std::string& bytes) {
  auto file = InputFile::Open(folder.Write("w.npy", bytes));
  if (!file.ok()) return file.status();
  return OpenNpy(*std::move(file));
}

std::string Refusal(const std::string& bytes) {
  const TempFolder folder;
  const absl::Status status = OpenBytes(folder, bytes).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  const std::string path = folder / "w.npy";
  const std::string message(status.message());
  EXPECT_EQ(message.substr(0, path.size() + 2), path + ": ");
  return message.substr(std::min(message.size(), path.size() + 2));
}

std::string Npy(const std::string& dictionary,
                const std::string& version = std::string("\1\0", 2)) {
  std::string bytes(kNpyMagic);
  bytes += version;
  AppendLittleEndian(static_cast<uint16_t>(dictionary.size()), bytes);
  if (version[0] > 1) bytes += std::string(2, '\0');
  return bytes + dictionary;
}

TEST(OpenNpy, FileOfNumPy_ShapeTypeAndValues) {
  const TempFolder folder;
  const auto reader = OpenBytes(folder, GoldenNpy());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ((*reader)->tensors(), (std::vector<TensorInfo>{{"arr_0", DType::kF32, {3, 2}}}));
  EXPECT_EQ(ReadValues(**reader, 0).value(), GoldenValues());
  EXPECT_EQ(ReadValues(**reader, 0, 1).value(), GoldenValues()) << "a second time";
}

TEST(OpenNpy, FortranOrder_ValuesInCOrder) {
  const TempFolder folder;
  const auto reader = OpenBytes(folder, GoldenFortranNpy());
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(ReadValues(**reader, 0).value(), GoldenValues());
  EXPECT_EQ(ReadValues(**reader, 0, 4).value(), GoldenValues()) << "a second time";
}

TEST(OpenNpy, FortranOrderOfThreeDimensions_ValuesInCOrder) {
  const TempFolder folder;
  std::string bytes = Npy("{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3, 4)}");
  std::vector<double> stored;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) stored.push_back(100 * i + 10 * j + k);
    }
  }
  std::string values(48, '\0');
  EncodeValues(DType::kF16, stored, values);
  const auto reader = OpenBytes(folder, bytes + values);
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::vector<double> expected;
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) expected.push_back(100 * i + 10 * j + k);
    }
  }
  EXPECT_EQ(ReadValues(**reader, 0).value(), expected);
}

TEST(OpenNpy, HeaderVersions2And3_Read) {
  for (const char* version : {"\2", "\3"}) {
    const TempFolder folder;
    const auto reader =
        OpenBytes(folder, Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
                              std::string(version) + '\0') +
                              std::string("\0\0\x80\x3f", 4));
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ(ReadValues(**reader, 0).value(), std::vector<double>{1});
  }
}

TEST(OpenNpy, CutAnywhere_Truncated) {
  const std::string whole = GoldenNpy();
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_EQ(Refusal(whole.substr(0, length)).rfind("the file is truncated: ", 0), 0u) << length;
  }
  EXPECT_EQ(Refusal(whole.substr(0, 150)), "the file is truncated: it has 150 bytes; expected 152");
}

TEST(OpenNpy, BytesBehindTheValues_TooLong) {
  EXPECT_EQ(Refusal(GoldenNpy() + "x"), "the file is too long: it has 153 bytes; expected 152");
}

TEST(OpenNpy, BadHeaders_OneSentence) {
  EXPECT_EQ(Refusal("\x93NUMPZ and more than that"),
            "not a NumPy array: it does not start with \\x93NUMPY");
  EXPECT_EQ(Refusal(Npy("{}", std::string("\4\0", 2))),
            "the NumPy header has version 4.0; expected 1.0, 2.0 or 3.0");
  EXPECT_EQ(Refusal(Npy("{}", "\1\1")),
            "the NumPy header has version 1.1; expected 1.0, 2.0 or 3.0");
  EXPECT_EQ(Refusal(std::string("\x93NUMPY\2\0\xff\xff\xff\xff", 12)),
            "the NumPy header has 4294967295 bytes; expected at most 1048576");
  EXPECT_EQ(Refusal(Npy("{'descr': '<f4'}")),
            "the NumPy header is malformed: the key 'fortran_order' is missing");
}

TEST(OpenNpy, OtherValueTypes_NamesThem) {
  for (const char* type : {"<i8", ">f4", "|u1", "<c8", "<f16", "|O"}) {
    EXPECT_EQ(Refusal(Npy(std::string("{'descr': '") + type +
                          "', 'fortran_order': False, 'shape': (1,)}")),
              std::string("the array holds values of type '") + type +
                  "'; expected '<f2', '<f4' or '<f8'");
  }
}

TEST(OpenNpy, NoValues_NamesTheShape) {
  EXPECT_EQ(Refusal(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5)}")),
            "tensor 'arr_0' has the shape 0x5, which holds no values");
}

TEST(OpenNpy, HugeFortranArray_RefusedBeforeItIsRead) {
  EXPECT_EQ(
      Refusal(Npy("{'descr': '<f4', 'fortran_order': True, 'shape': (65536, 65536)}")),
      "tensor 'arr_0' has 17179869184 bytes in Fortran order; expected at most 4294967296, or "
      "C order");
}

TEST(NpyHeaderBytes, AnyShape_AsNumPyWritesIt) {
  EXPECT_EQ(NpyHeaderBytes({"w", DType::kF32, {3, 2}}).value(), GoldenNpy().substr(0, 128));
  for (const std::vector<uint64_t>& shape :
       {std::vector<uint64_t>{}, {5}, {5, 6, 7}, std::vector<uint64_t>(32, 1)}) {
    const std::string header = NpyHeaderBytes({"w", DType::kF64, shape}).value();
    EXPECT_EQ(header.size() % 64, 0u);
    const TempFolder folder;
    const TensorInfo info = {"arr_0", DType::kF64, shape};
    const auto reader = OpenBytes(folder, header + std::string(info.bytes(), '\0'));
    ASSERT_TRUE(reader.ok()) << reader.status();
    EXPECT_EQ((*reader)->tensors()[0], info);
  }
  EXPECT_NE(NpyHeaderBytes({"w", DType::kF64, {5}}).value().find("'shape': (5,), }"),
            std::string::npos);
  EXPECT_NE(NpyHeaderBytes({"w", DType::kF64, {}}).value().find("'shape': (), }"),
            std::string::npos);
}

TEST(NpyHeaderBytes, Bfloat16_NumPyHasNone) {
  EXPECT_EQ(NpyHeaderBytes({"w", DType::kBF16, {3}}).status().message(),
            "tensor 'w' is BF16, which NumPy files cannot hold; write a .safetensors file");
}

}  // namespace
}  // namespace seedfed
