#include "cli/export/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/model_source/open_file.h"
#include "cli/tensor_files/open.h"
#include "cli/tensor_files/values.h"
#include "tests/cli/export/fake_source.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

std::unique_ptr<ModelSource> OpenWritten(const std::string& path) {
  auto file = InputFile::Open(path).value();
  return OpenModelSource(file, std::nullopt).value();
}

std::vector<float> Values(TensorReader& reader, size_t index) {
  const TensorInfo& info = reader.tensors()[index];
  std::string bytes(info.bytes(), '\0');
  EXPECT_TRUE(reader.Select(index).ok());
  EXPECT_TRUE(reader.Read(bytes).ok());
  std::vector<float> values(info.elements());
  DecodeValues(info.dtype, bytes, std::span(values));
  return values;
}

class ExportTest : public testing::Test {
 protected:
  ExportOptions To(const std::string& name, ExportFormat format) {
    ExportOptions options;
    options.to = folder_ / name;
    options.format = format;
    return options;
  }

  const TempFolder folder_;
  FakeSource source_{Mode::kRolling, 3};
};

TEST_F(ExportTest, Snapshot_IsTheModelsBytes) {
  const Exported exported = ExportModel(source_, To("m", ExportFormat::kSnapshot)).value();
  const std::string bytes = source_.example.model.SaveSnapshot();
  EXPECT_EQ(ReadFile(folder_ / "m"), bytes);
  EXPECT_EQ(exported.bytes, bytes.size());
  EXPECT_EQ(exported.digest, Blake2b128(bytes));
  EXPECT_EQ(exported.round, 3u);
  EXPECT_EQ(exported.fingerprint, source_.example.model.fingerprint());
  EXPECT_EQ(exported.normalisation, std::nullopt);
}

TEST_F(ExportTest, Safetensors_WeightsBiasesAndMetadata) {
  ASSERT_TRUE(ExportModel(source_, To("m", ExportFormat::kSafetensors)).ok());
  const auto reader = OpenTensors(InputFile::Open(folder_ / "m").value()).value();
  ASSERT_EQ(reader->tensors().size(), 4u);
  EXPECT_EQ(reader->tensors()[0], (TensorInfo{"layer.0.weight", DType::kF32, {5, 6}}));
  EXPECT_EQ(reader->tensors()[3], (TensorInfo{"layer.1.bias", DType::kF32, {3}}));
  const Model& model = source_.example.model;
  const std::vector<float> weights = Values(*reader, 0);
  EXPECT_EQ(weights[6], static_cast<float>(model.base(0)[7] * model.spec().LayerUnit(0)));
  EXPECT_EQ(reader->metadata().at("seedfed.fingerprint"), ToHex(model.fingerprint()));
  EXPECT_EQ(reader->metadata().at("seedfed.round"), "3");
  EXPECT_EQ(reader->metadata().at("seedfed.model"), "6-5-3");
  EXPECT_EQ(reader->metadata().count("seedfed.version"), 1u);
  EXPECT_EQ(NormalisationOf(reader->metadata()).value(), (InputNormalisation{0.25, 2}));
}

TEST_F(ExportTest, Npz_NumbersAsTensors) {
  ASSERT_TRUE(ExportModel(source_, To("m", ExportFormat::kNpz)).ok());
  const auto reader = OpenTensors(InputFile::Open(folder_ / "m").value()).value();
  ASSERT_EQ(reader->tensors().size(), 7u);
  EXPECT_EQ(reader->tensors()[4], (TensorInfo{"seedfed.round", DType::kF64, {}}));
  EXPECT_EQ(Values(*reader, 4)[0], 3.0f);
  EXPECT_EQ(Values(*reader, 5)[0], 0.25f);
  EXPECT_EQ(Values(*reader, 6)[0], 2.0f);
}

TEST_F(ExportTest, Npz_UnknownNormalisation_LeftOut) {
  source_.normalisation.reset();
  ASSERT_TRUE(ExportModel(source_, To("m", ExportFormat::kNpz)).ok());
  EXPECT_EQ(OpenTensors(InputFile::Open(folder_ / "m").value()).value()->tensors().size(), 5u);
}

TEST_F(ExportTest, Words_MakeTheSameModel) {
  const Exported exported = ExportModel(source_, To("m", ExportFormat::kWords)).value();
  EXPECT_TRUE(exported.holds_key);
  EXPECT_EQ(
      std::filesystem::status(folder_ / "m").permissions() & std::filesystem::perms::group_all,
      std::filesystem::perms::none);
  const auto words = OpenWritten(folder_ / "m");
  EXPECT_EQ(words->Snapshot().value(), source_.example.model.SaveSnapshot());
  EXPECT_EQ(words->Normalisation().value(), (InputNormalisation{0.25, 2}));
}

TEST_F(ExportTest, PureWords_NeedAndHoldNoKey) {
  FakeSource pure(Mode::kPure, 2);
  pure.key.reset();
  EXPECT_FALSE(ExportModel(pure, To("m", ExportFormat::kWords)).value().holds_key);
  const auto words = OpenWritten(folder_ / "m");
  EXPECT_EQ(words->Snapshot().value(), pure.example.model.SaveSnapshot());
  EXPECT_EQ(words->Key().value(), std::nullopt);
}

TEST_F(ExportTest, WordsWithoutKey_SayThatTheyHoldNone) {
  ExportOptions options = To("m", ExportFormat::kWords);
  options.with_key = false;
  EXPECT_FALSE(ExportModel(source_, options).value().holds_key);
  EXPECT_EQ(OpenWritten(folder_ / "m")->Key().value(), std::nullopt);
}

TEST_F(ExportTest, WordsThatDoNotLeadToTheModel_NothingWritten) {
  source_.key = FederationKey::Parse("8").value();
  EXPECT_THAT(std::string(ExportModel(source_, To("m", ExportFormat::kWords)).status().message()),
              HasSubstr("the words of 3 rounds from the source lead to the fingerprint"));
  source_.key = ExampleKey();
  source_.example.words.pop_back();
  EXPECT_THAT(std::string(ExportModel(source_, To("m", ExportFormat::kWords)).status().message()),
              HasSubstr("the words of 2 rounds"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(ExportTest, EarlierRound_IsThatModel) {
  ExportOptions options = To("m", ExportFormat::kSnapshot);
  options.round = 2;
  EXPECT_EQ(ExportModel(source_, options)->round, 2u);
  EXPECT_EQ(ReadFile(folder_ / "m"), ExampleModel(Mode::kRolling, 2).model.SaveSnapshot());
  options.to = folder_ / "n";
  options.round = 4;
  EXPECT_EQ(ExportModel(source_, options).status().message(),
            "round 4 is not complete: the source has the model after round 3");
}

TEST_F(ExportTest, FileThatIsThere_StaysUnlessReplaced) {
  folder_.Write("m", "mine");
  ExportOptions options = To("m", ExportFormat::kSnapshot);
  EXPECT_TRUE(absl::IsAlreadyExists(ExportModel(source_, options).status()));
  EXPECT_EQ(ReadFile(folder_ / "m"), "mine");
  options.if_there = IfThere::kReplace;
  EXPECT_TRUE(ExportModel(source_, options).ok());
}

TEST(ChooseExportFormat, NameBeforeExtension) {
  EXPECT_EQ(ChooseExportFormat("", "a.safetensors").value(), ExportFormat::kSafetensors);
  EXPECT_EQ(ChooseExportFormat("", "a.npz").value(), ExportFormat::kNpz);
  EXPECT_EQ(ChooseExportFormat("", "a.seedfed").value(), ExportFormat::kSnapshot);
  EXPECT_EQ(ChooseExportFormat("", "a.words").value(), ExportFormat::kWords);
  EXPECT_EQ(ChooseExportFormat("words", "a.npz").value(), ExportFormat::kWords);
  EXPECT_EQ(ChooseExportFormat("", "a.pt").status().message(),
            "the output 'a.pt' does not end in .safetensors, .npz, .seedfed or .words; name the "
            "format with --format");
  EXPECT_EQ(ChooseExportFormat("pt", "a.npz").status().message(),
            "format 'pt' is not safetensors, npz, snapshot or words");
}

}  // namespace
}  // namespace seedfed
