#include "cli/tensor_files/npz_writer.h"

#include <gtest/gtest.h>

#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"

namespace seedfed {
namespace {

TEST(WriteNpz, AnyTensors_StoredWithoutCompressionAndDatedAlike) {
  const TempFolder folder;
  FakeReader reader;
  reader.Add({"w", DType::kF32, {1000}}, std::vector<double>(1000, 0));
  const auto out = OutputFile::Create(folder / "m.npz");
  ASSERT_TRUE(out.ok());
  ASSERT_EQ(WriteNpz(reader, **out), absl::OkStatus());
  ASSERT_EQ((*out)->Commit(), absl::OkStatus());
  const std::string bytes = ReadFile(folder / "m.npz");
  EXPECT_GT(bytes.size(), 4128u) << "zeros would shrink";
  // Method 0, time 0, date 0x0021 in the local header.
  EXPECT_EQ(bytes.substr(8, 6), std::string("\0\0\0\0\x21\0", 6));
}

TEST(WriteNpz, NameWithZeroByte_Refused) {
  const TempFolder folder;
  FakeReader reader;
  reader.Add({std::string("a\0z", 3), DType::kF32, {1}}, {1});
  const auto out = OutputFile::Create(folder / "m.npz");
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(WriteNpz(reader, **out).message(),
            "the tensor name 'a\\x00z' cannot be the name of an .npz entry");
}

}  // namespace
}  // namespace seedfed
