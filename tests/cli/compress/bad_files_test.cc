// Whole runs over files that are not as they must be: one sentence, exit code 2, and no file left.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/tensor_files/safetensors.h"
#include "cli/tensor_files/values.h"
#include "common/base/bytes.h"
#include "tests/cli/compress/run_program.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/golden_files.h"

namespace seedfed {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::vector<std::string> Names(const TempFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename());
  }
  return names;
}

// Runs `command` on a file of these bytes.
void ExpectRefused(const std::string& command, const std::string& name, const std::string& bytes,
                   const std::string& sentence) {
  SCOPED_TRACE(command + " " + name + ": " + sentence);
  const TempFolder folder;
  const std::string path = folder.Write(name, bytes);
  std::vector<std::string> arguments = {command, path};
  if (command == "diff") {
    arguments.push_back(path);
  } else {
    arguments.insert(arguments.end(), {"-o", folder / "out.safetensors"});
  }
  const ProgramResult result = RunSeedfed(arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("seedfed: "));
  EXPECT_THAT(result.err, HasSubstr(sentence));
  EXPECT_EQ(result.err.find('\n'), result.err.size() - 1) << result.err;
  EXPECT_THAT(Names(folder), ElementsAre(name));
}

void ExpectRefusedByAll(const std::string& name, const std::string& bytes,
                        const std::string& sentence) {
  ExpectRefused("compress", name, bytes, sentence);
  ExpectRefused("expand", name, bytes, sentence);
  ExpectRefused("diff", name, bytes, sentence);
}

std::string Safetensors(const std::string& json, size_t data_bytes = 0) {
  std::string bytes;
  AppendLittleEndian(uint64_t{json.size()}, bytes);
  return bytes + json + std::string(data_bytes, '\0');
}

// Two tensors, of which the second holds NaN at its end.
std::string NanModel() {
  const std::vector<TensorInfo> tensors = {{"first", DType::kF32, {256, 256}},
                                           {"second", DType::kF32, {64, 64}}};
  std::vector<double> values(256 * 256 + 64 * 64, 0.5);
  std::string data(values.size() * 4, '\0');
  EncodeValues(DType::kF32, values, data);
  StoreLittleEndian(uint32_t{0x7fc00000}, data.data() + data.size() - 4);
  return SafetensorsHeaderBytes(tensors, {}) + data;
}

TEST(BadFiles, Truncated_SaysSo) {
  ExpectRefusedByAll("m.safetensors", GoldenSafetensors().substr(0, 165), "it is truncated");
  ExpectRefusedByAll("m.safetensors", GoldenSafetensors().substr(0, 5), "the file is truncated");
  ExpectRefusedByAll("w.npy", GoldenNpy().substr(0, 140),
                     "w.npy: the file is truncated: it has 140 bytes; expected 152");
  ExpectRefusedByAll("m.npz", GoldenNpz().substr(0, 300),
                     "m.npz: the zip archive is truncated or damaged");
}

TEST(BadFiles, WrongMagic_ShowsIt) {
  ExpectRefusedByAll("w.npy", "\x93NUMPX" + GoldenNpy().substr(6),
                     "it starts with the bytes 934e554d50580100");
}

TEST(BadFiles, HugeHeader_SaysItsSize) {
  ExpectRefusedByAll("m.safetensors", std::string("\xff\xff\xff\xff\xff\x00\x00\x00{}", 10),
                     "the header has 1099511627775 bytes; expected at most 100000000");
}

TEST(BadFiles, NanWeights_NamesTensorAndPlace) {
  const std::string sentence = "tensor 'second' holds nan at [63, 63]; expected finite numbers";
  ExpectRefused("compress", "m.safetensors", NanModel(), sentence);
  ExpectRefused("diff", "m.safetensors", NanModel(), sentence);
}

TEST(BadFiles, UnsupportedDType_NamesIt) {
  ExpectRefusedByAll("m.safetensors",
                     Safetensors(R"({"w":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}})", 4),
                     "tensor 'w' has the dtype 'I8'; expected F16, BF16, F32 or F64");
  std::string npy = GoldenNpy();
  npy.replace(npy.find("<f4"), 3, "<i4");
  ExpectRefusedByAll("w.npy", npy,
                     "w.npy: the array holds values of type '<i4'; expected '<f2', '<f4' or '<f8'");
}

TEST(BadFiles, TensorWithoutValues_NamesItsShape) {
  ExpectRefusedByAll("m.safetensors",
                     Safetensors(R"({"w":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}})"),
                     "tensor 'w' has the shape 0x4, which holds no values");
}

TEST(BadFiles, OverlappingOffsets_NamesTheTensor) {
  ExpectRefusedByAll("m.safetensors",
                     Safetensors(R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                                 R"("w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
                                 12),
                     "tensor 'w' starts at byte 4 of the values; expected 8: it overlaps");
}

TEST(BadFiles, HeaderThatIsNotJson_SaysSo) {
  ExpectRefusedByAll("m.safetensors", Safetensors("<html>no model</html>"),
                     "the header is not JSON");
}

TEST(BadFiles, DamagedSeedFile_SaysSo) {
  const TempFolder folder;
  const std::string seeds = folder / "m.seeds";
  ASSERT_EQ(RunSeedfed({"compress", folder.Write("m.npz", GoldenNpz()), "-o", seeds}).exit_code, 0);
  std::string bytes = ReadFile(seeds);
  ExpectRefused("expand", "m.seeds", bytes.substr(0, bytes.size() - 1), "the file is truncated");
  bytes[bytes.size() - 20] = static_cast<char>(bytes[bytes.size() - 20] ^ 1);
  ExpectRefused("expand", "m.seeds", bytes,
                "the seed file is damaged: its checksum does not match");
  ExpectRefused("diff", "m.seeds", bytes, "the seed file is damaged: its checksum does not match");
}

TEST(BadFiles, MissingOrEmptyFile_SaysSo) {
  const TempFolder folder;
  const std::string none = folder / "none";
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"compress", none, "-o", folder / "out.seeds"},
        {"expand", none, "-o", folder / "out.npz"},
        {"diff", none, none}}) {
    const ProgramResult result = RunSeedfed(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "seedfed: cannot open " + none + ": No such file or directory\n");
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  ExpectRefusedByAll("m.npz", "", "m.npz: the file is empty");
}

TEST(BadFiles, OutputThatIsNoPlainFile_SaysWhatToDo) {
  const TempFolder folder;
  const ProgramResult result =
      RunSeedfed({"compress", folder.Write("m.npz", GoldenNpz()), "-o", "/dev/full"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "seedfed: cannot write /dev/full: it is not a plain file; '-' writes to standard "
            "output\n");
}

}  // namespace
}  // namespace seedfed
