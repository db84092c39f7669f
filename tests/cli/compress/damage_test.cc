// Damaged model files of every kind: readers answer with values or with one sentence.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/compress/compressor.h"
#include "cli/compress/seed_reader.h"
#include "common/base/hash.h"
#include "common/base/philox.h"
#include "common/model/model.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"
#include "tests/cli/tensor_files/golden_files.h"
#include "tests/common/model/example_models.h"

namespace seedfed {
namespace {

constexpr uint32_t kDamages = 200;

std::string SeedFile(Codec codec) {
  FakeReader reader;
  std::vector<double> values(20 * 30);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % 17) - 8;
  reader.Add({"w", DType::kF32, {20, 30}}, values);
  reader.Add({"b", DType::kF16, {3}}, {1, 2, 3});
  const TempFolder folder;
  const auto out = OutputFile::Create(folder / "m");
  EXPECT_TRUE(Compress(reader, {.codes = 5, .codec = codec}, **out).ok());
  EXPECT_EQ((*out)->Commit(), absl::OkStatus());
  return ReadFile(folder / "m");
}

std::string Snapshot(const ModelSpec& spec) {
  return Model::Create(spec, ExampleKey())->SaveSnapshot();
}

// Changes, removes or adds bytes at up to three places.
std::string Damaged(std::string bytes, PhiloxStream& stream) {
  for (uint32_t times = 1 + stream.Below(3); times > 0 && !bytes.empty(); --times) {
    const size_t place = stream.Below(static_cast<uint32_t>(bytes.size()));
    switch (stream.Below(5)) {
      case 0:
        bytes.resize(place);
        break;
      case 1:
        bytes.erase(place, 1 + stream.Below(8));
        break;
      case 2:
        bytes.insert(place, 1 + stream.Below(8), static_cast<char>(stream.Below(256)));
        break;
      case 3:
        bytes[place] = static_cast<char>(0xff);
        break;
      default:
        bytes[place] = static_cast<char>(bytes[place] ^ (1 << stream.Below(8)));
    }
  }
  return bytes;
}

void ReadEverything(const TempFolder& folder, const std::string& bytes) {
  const auto reader = OpenModelFile(folder.Write("m", bytes));
  absl::Status status = reader.status();
  if (reader.ok()) {
    constexpr uint64_t kMostRead = 1 << 20;
    for (size_t i = 0; i < (*reader)->tensors().size() && status.ok(); ++i) {
      if ((*reader)->tensors()[i].bytes() > kMostRead) continue;
      status = ReadValues(**reader, i, 1000).status();
    }
  }
  if (status.ok()) return;
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(status.message().find('\n'), absl::string_view::npos) << status;
  EXPECT_NE(status.message().find((folder / "m: ").string()), absl::string_view::npos) << status;
}

class Damage : public testing::TestWithParam<std::pair<const char*, std::string>> {};

TEST_P(Damage, AnyPlaces_ValuesOrOneSentence) {
  const TempFolder folder;
  PhiloxStream stream({21, 22}, 1, 2, 3);
  for (uint32_t i = 0; i < kDamages; ++i)
    ReadEverything(folder, Damaged(GetParam().second, stream));
}

// The checksum made anew, so that the damage reaches what is behind it.
TEST_P(Damage, AnyPlacesWithAMatchingChecksum_ValuesOrOneSentence) {
  const TempFolder folder;
  PhiloxStream stream({21, 23}, 1, 2, 3);
  const std::string& bytes = GetParam().second;
  for (uint32_t i = 0; i < kDamages; ++i) {
    const std::string damaged = Damaged(bytes.substr(0, bytes.size() - 16), stream);
    ReadEverything(folder, damaged + ToBytes(Blake2b128(damaged)));
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Damage,
                         testing::Values(std::pair("npy", GoldenNpy()),
                                         std::pair("fortran", GoldenFortranNpy()),
                                         std::pair("npz", GoldenNpz()),
                                         std::pair("safetensors", GoldenSafetensors()),
                                         std::pair("ensemble", SeedFile(Codec::kEnsemble)),
                                         std::pair("single", SeedFile(Codec::kSingle)),
                                         std::pair("rolling", Snapshot(ExampleEnsemble())),
                                         std::pair("pure", Snapshot(ExamplePure()))),
                         [](const auto& tested) { return std::string(tested.param.first); });

}  // namespace
}  // namespace seedfed
