#include "cli/model_source/server_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/admin/fake_admin.h"
#include "tests/cli/model_source/example_models.h"

namespace seedfed {
namespace {

using testing::HasSubstr;

class ServerSourceTest : public testing::Test {
 protected:
  void Chunks(const std::string& bytes, uint64_t total) {
    fake_.model.clear();
    for (size_t at = 0; at < bytes.size(); at += 100) {
      v1::SnapshotChunk& chunk = fake_.model.emplace_back();
      chunk.set_total_bytes(total);
      chunk.set_data(bytes.substr(at, 100));
    }
  }

  std::unique_ptr<ModelSource> Open() {
    AdminOptions options;
    options.server = fake_.address();
    return ServerSource::Open(options).value();
  }

  FakeAdmin fake_;
  const ExampleModel example_{Mode::kRolling, 2};
  const std::string snapshot_ = example_.model.SaveSnapshot();
};

TEST_F(ServerSourceTest, ModelInChunks_IsWhole) {
  Chunks(snapshot_, snapshot_.size());
  EXPECT_EQ(Open()->Snapshot().value(), snapshot_);
}

TEST_F(ServerSourceTest, ModelThatEndsEarlyOrGoesOn_Refused) {
  Chunks(snapshot_.substr(0, 150), snapshot_.size());
  EXPECT_THAT(std::string(Open()->Snapshot().status().message()),
              HasSubstr("sent 150 bytes of a model of"));
  Chunks(snapshot_, 120);
  EXPECT_THAT(std::string(Open()->Snapshot().status().message()),
              HasSubstr("sends a model of more than 120 bytes"));
  Chunks("", 0);
  EXPECT_TRUE(absl::IsDataLoss(Open()->Snapshot().status()));
}

TEST_F(ServerSourceTest, DamagedModel_Refused) {
  std::string damaged = snapshot_;
  damaged[60] ^= 1;
  Chunks(damaged, damaged.size());
  EXPECT_THAT(std::string(Open()->Snapshot().status().message()),
              HasSubstr("is not valid: the snapshot is damaged"));
}

TEST_F(ServerSourceTest, Description_IsAskedOnce) {
  fake_.description.set_key(ToBytes(ExampleKey().bytes()));
  fake_.description.mutable_training()->set_input_mean(0.5);
  fake_.description.mutable_training()->set_input_stddev(0.25);
  const auto source = Open();
  EXPECT_EQ(source->Key().value(), ExampleKey());
  EXPECT_EQ(source->Normalisation().value(), (InputNormalisation{0.5, 0.25}));
  EXPECT_THAT(fake_.calls(), testing::ElementsAre("GetStatus", "DescribeFederation"));
}

TEST_F(ServerSourceTest, DescriptionOutOfRange_Refused) {
  fake_.description.set_key("short");
  const auto source = Open();
  EXPECT_THAT(std::string(source->Key().status().message()),
              HasSubstr("sent a key of 5 bytes; expected 16"));
  EXPECT_TRUE(absl::IsDataLoss(source->Normalisation().status()));
}

TEST_F(ServerSourceTest, Rounds_RebuildTheModel) {
  fake_.description.set_key(ToBytes(ExampleKey().bytes()));
  for (uint32_t round = 1; round <= 2; ++round) {
    v1::RoundResult& result = fake_.results.emplace_back();
    result.set_round(round);
    result.set_words(example_.words[round - 1]);
  }
  const auto source = Open();
  EXPECT_EQ(RebuildSnapshot(*source, example_.model.spec(), 2).value(), snapshot_);
  EXPECT_EQ(fake_.calls().back(), "ExportRounds first: 1 last: 2");
}

TEST_F(ServerSourceTest, NoRounds_AsksForNone) {
  const auto source = Open();
  EXPECT_TRUE(source->ReadRounds(0, nullptr).ok());
  EXPECT_THAT(fake_.calls(), testing::ElementsAre("GetStatus"));
}

}  // namespace
}  // namespace seedfed
