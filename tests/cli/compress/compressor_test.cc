#include "cli/compress/compressor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cli/compress/seed_reader.h"
#include "common/base/philox.h"
#include "common/pattern/rotation.h"
#include "tests/cli/temp_folder.h"
#include "tests/cli/tensor_files/fake_reader.h"

namespace seedfed {
namespace {

std::vector<double> Gaussian(size_t count, uint32_t stream_number) {
  PhiloxStream stream({11, 12}, stream_number, 0, 0);
  std::vector<double> values(count);
  for (double& value : values) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += stream.Uniform();
    value = 0.05 * sum;
  }
  return values;
}

// A seed file of `reader` in `folder`, and its report.
CompressReport CompressTo(const std::string& path, TensorReader& reader,
                          const CompressSettings& settings) {
  const auto out = OutputFile::Create(path);
  EXPECT_TRUE(out.ok()) << out.status();
  const auto report = Compress(reader, settings, **out);
  EXPECT_TRUE(report.ok()) << report.status();
  EXPECT_EQ((*out)->Commit(), absl::OkStatus());
  return *report;
}

double SquaredError(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

TEST(Compress, EveryCodecTileAndPhases_ReportedErrorIsThatOfTheExpandedFile) {
  for (const Codec codec : {Codec::kEnsemble, Codec::kSingle}) {
    for (const uint32_t tile : {4U, 8U, 32U}) {
      for (const uint32_t codes : {1U, 2U, 50U}) {
        for (const uint32_t phase_bits : {2U, 4U}) {
          FakeReader reader;
          reader.Add({"w", DType::kF64, {45, 67}}, Gaussian(45 * 67, 1));
          reader.Add({"b", DType::kF32, {45}}, Gaussian(45, 2));
          reader.Add({"c", DType::kF64, {33, 7, 5}}, Gaussian(33 * 35, 3));
          const TempFolder folder;
          const CompressReport report =
              CompressTo(folder / "m.seeds", reader,
                         {.tile = tile, .codes = codes, .codec = codec, .phase_bits = phase_bits});
          EXPECT_EQ(report.bytes_out, std::filesystem::file_size(folder / "m.seeds"));
          const auto back = OpenModelFile(folder / "m.seeds");
          ASSERT_TRUE(back.ok()) << back.status();
          EXPECT_EQ((*back)->tensors(), reader.tensors());
          for (size_t i = 0; i < 3; ++i) {
            const TensorReport& row = report.tensors[i];
            const double error =
                SquaredError(ReadValues(reader, i, 999).value(), ReadValues(**back, i, 13).value());
            EXPECT_NEAR(row.error, error, 1e-6 * row.energy);
            EXPECT_EQ(row.as_values(), i == 1);
          }
          EXPECT_GT(report.tensors[0].captured(), 0);
          EXPECT_LT(report.tensors[0].captured(), report.tensors[0].gaussian_limit());
        }
      }
    }
  }
}

// 2 of 64 dimensions without a search; with one, the largest of N exponential variables:
// (ln N + 0.577) / 32 of the energy, less what rounding to words costs.
TEST(Compress, GaussianWeights_CapturesWhatTheoryGives) {
  FakeReader reader;
  reader.Add({"w", DType::kF32, {512, 512}}, Gaussian(512 * 512, 4));
  const TempFolder folder;
  const auto captured = [&](uint32_t codes, Codec codec) {
    return CompressTo(folder / "m.seeds", reader, {.codes = codes, .codec = codec})
        .tensors[0]
        .captured();
  };
  EXPECT_NEAR(captured(1, Codec::kSingle), 2.0 / 64, 0.002);
  const double theory = (std::log(256) + 0.577) / 32;
  EXPECT_NEAR(captured(256, Codec::kSingle), theory, 0.02);
  EXPECT_NEAR(captured(256, Codec::kEnsemble), theory, 0.02);
  EXPECT_LT(captured(256, Codec::kEnsemble), captured(256, Codec::kSingle));
}

TEST(Compress, TensorMadeOfOnePattern_CapturedWhole) {
  std::vector<uint8_t> phases(64);
  TilePhases(9, 2, phases);
  std::vector<double> values(64);
  for (size_t p = 0; p < 64; ++p) values[p] = PhaseTable(2)[phases[p]].cos;
  FakeReader reader;
  reader.Add({"w", DType::kF32, {8, 8}}, values);
  const TempFolder folder;
  const CompressReport report = CompressTo(folder / "m.seeds", reader, {.codes = 16});
  EXPECT_GT(report.tensors[0].captured(), 0.999999);
  const auto back = OpenModelFile(folder / "m.seeds");
  const auto expanded = ReadValues(**back, 0);
  ASSERT_TRUE(expanded.ok()) << expanded.status();
  for (size_t p = 0; p < 64; ++p) EXPECT_NEAR((*expanded)[p], values[p], 1e-3 * 11585);
}

TEST(Compress, ZeroTensor_ExpandsToZeros) {
  for (const Codec codec : {Codec::kEnsemble, Codec::kSingle}) {
    FakeReader reader;
    reader.Add({"w", DType::kF32, {20, 20}}, std::vector<double>(400, 0));
    const TempFolder folder;
    const CompressReport report = CompressTo(folder / "m.seeds", reader, {.codec = codec});
    EXPECT_EQ(report.tensors[0].captured(), 1);
    EXPECT_EQ(report.tensors[0].rmse(), 0);
    const auto back = OpenModelFile(folder / "m.seeds");
    const auto expanded = ReadValues(**back, 0);
    ASSERT_TRUE(expanded.ok()) << expanded.status();
    EXPECT_EQ(*expanded, std::vector<double>(400, 0));
  }
}

TEST(Compress, ExtremeWeights_Finite) {
  for (const double scale : {1e-300, 1e-40, 1e38}) {
    std::vector<double> values = Gaussian(400, 5);
    for (double& value : values) value *= scale;
    FakeReader reader;
    reader.Add({"w", DType::kF64, {20, 20}}, values);
    const TempFolder folder;
    const CompressReport report = CompressTo(folder / "m.seeds", reader, {.tile = 4});
    EXPECT_TRUE(std::isfinite(report.tensors[0].rmse()));
    const auto back = OpenModelFile(folder / "m.seeds");
    const auto expanded = ReadValues(**back, 0);
    ASSERT_TRUE(expanded.ok()) << expanded.status();
    for (const double value : *expanded) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(Compress, Metadata_Kept) {
  FakeReader reader;
  reader.Add({"w", DType::kF32, {1}}, {1});
  reader.set_metadata({{"format", "pt"}});
  const TempFolder folder;
  CompressTo(folder / "m.seeds", reader, {});
  EXPECT_EQ((*OpenModelFile(folder / "m.seeds"))->metadata(), (Metadata{{"format", "pt"}}));
}

TEST(Compress, OneCode_FollowsFromTheKey) {
  const TempFolder folder;
  const auto bytes = [&](const char* key, uint32_t codes) {
    FakeReader reader;
    reader.Add({"w", DType::kF32, {64, 64}}, Gaussian(64 * 64, 6));
    CompressTo(folder / "m.seeds", reader,
               {.codes = codes, .key = FederationKey::Parse(key).value()});
    return ReadFile(folder / "m.seeds");
  };
  EXPECT_NE(bytes("1", 1), bytes("2", 1));
  EXPECT_EQ(bytes("1", 1), bytes("1", 1));
  EXPECT_EQ(bytes("1", 16), bytes("2", 16));
}

TEST(Compress, ValueThatIsNotFinite_NamesItsPlace) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const auto refusal = [](const TensorInfo& info, size_t place, double value) {
    std::vector<double> values(info.elements(), 0.5);
    std::string bytes;
    FakeReader reader;
    values[place] = value;
    reader.Add(info, values);
    const TempFolder folder;
    const auto out = OutputFile::Create(folder / "m.seeds");
    return std::string(Compress(reader, {}, **out).status().message());
  };
  EXPECT_EQ(refusal({"w", DType::kF64, {20, 30}}, 19 * 30 + 7, nan),
            "tensor 'w' holds nan at [19, 7]; expected finite numbers");
  EXPECT_EQ(refusal({"w", DType::kF64, {20, 3, 10}}, 8 * 30 + 25, -infinity),
            "tensor 'w' holds -inf at [8, 2, 5]; expected finite numbers");
  EXPECT_EQ(refusal({"b", DType::kF64, {40000}}, 39999, nan),
            "tensor 'b' holds nan at [39999]; expected finite numbers");
  EXPECT_EQ(refusal({"s", DType::kF64, {}}, 0, nan),
            "tensor 's' holds nan at []; expected finite numbers");
}

TEST(TileFor, TensorsThatSeedsDoNotSuit_StoredAsTheyAre) {
  SeedFileHeader header;
  EXPECT_EQ(TileFor({"w", DType::kF32, {8, 8}}, header, 8), 8u);
  EXPECT_EQ(TileFor({"w", DType::kF32, {}}, header, 8), 0u);
  EXPECT_EQ(TileFor({"w", DType::kF32, {10'000}}, header, 8), 0u);
  EXPECT_EQ(TileFor({"w", DType::kF32, {7, 1000}}, header, 8), 0u);
  EXPECT_EQ(TileFor({"w", DType::kF32, {1000, 7}}, header, 8), 0u);
  EXPECT_EQ(TileFor({"w", DType::kF32, {1000, 7, 2}}, header, 8), 8u);
  EXPECT_EQ(TileFor({"w", DType::kF16, {4, 4}}, header, 4), 4u) << "8 + 16 + 1 bytes of 32";
  header.codec = Codec::kSingle;
  EXPECT_EQ(TileFor({"w", DType::kF16, {1000, 1000}}, header, 4), 4u) << "about half";
  EXPECT_EQ(TileFor({"w", DType::kF16, {5, 5}}, header, 4), 0u) << "8 + 64 bytes of 50";
  EXPECT_EQ(TileFor({"w", DType::kF32, {256, 1U << 21}}, header, 256), 0u) << "2 GiB a tile row";
}

TEST(TensorReport, Figures_FollowFromBytesAndSums) {
  const TensorReport row = {
      .tensor = {{"w", DType::kF32, {100, 10}}, 8}, .bytes_out = 125, .energy = 40, .error = 10};
  EXPECT_DOUBLE_EQ(row.ratio(), 32);
  EXPECT_DOUBLE_EQ(row.bits_per_weight(), 1);
  EXPECT_DOUBLE_EQ(row.rmse(), 0.1);
  EXPECT_DOUBLE_EQ(row.captured(), 0.75);
  EXPECT_DOUBLE_EQ(row.gaussian_limit(), 0.75);
}

}  // namespace
}  // namespace seedfed
