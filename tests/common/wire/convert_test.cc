#include "common/wire/convert.h"

#include <limits>
#include <string>

#include "gtest/gtest.h"

namespace seedfed {
namespace {

ModelSpec Spec(Codec codec, Mode mode) {
  return {{{256, 785, 32}, {10, 257, 8}}, codec, mode, 4, 6.5};
}

TrainingPlan Plan() {
  TrainingPlan plan;
  plan.learning_rate = {0.1, 0.25};
  plan.learning_rate_decay = 0.9;
  plan.batch = 17;
  plan.samples = 0;
  plan.input_mean = -0.5;
  plan.input_stddev = 2;
  plan.participation = 0.5;
  return plan;
}

// Through bytes, as between machines.
template <typename Message>
Message Sent(const Message& message) {
  Message received;
  EXPECT_TRUE(received.ParseFromString(message.SerializeAsString()));
  return received;
}

TEST(Convert, EverySpec_ComesBack) {
  for (const ModelSpec& spec :
       {Spec(Codec::kEnsemble, Mode::kRolling), Spec(Codec::kSingle, Mode::kRolling),
        Spec(Codec::kSingle, Mode::kPure), Spec(Codec::kDense, Mode::kRolling)}) {
    const auto found = FromProto(Sent(ToProto(spec)));
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(*found, spec);
  }
}

TEST(Convert, PlanAndShard_ComeBack) {
  const auto plan = FromProto(Sent(ToProto(Plan())), 2);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(*plan, Plan());
  const Shard shard = {3, 10, 0.3};
  const auto found = FromProto(Sent(ToProto(shard)));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(*found, shard);
}

TEST(Convert, EmptyMessages_AreRefused) {
  EXPECT_EQ(FromProto(v1::ModelSpec()).status(),
            absl::InvalidArgumentError("the model has 0 layers; expected 1 to 1024"));
  EXPECT_EQ(FromProto(v1::TrainingPlan(), 2).status(),
            absl::InvalidArgumentError("there are 0 learning rates for 2 layers"));
  EXPECT_EQ(FromProto(v1::Shard()).status(),
            absl::InvalidArgumentError("shard count is 0; expected 1 to 1048576"));
}

TEST(Convert, EnumerationsTheCodeDoesNotKnow_AreRefused) {
  v1::ModelSpec message = ToProto(Spec(Codec::kEnsemble, Mode::kRolling));
  message.set_codec(static_cast<v1::Codec>(9));
  EXPECT_EQ(FromProto(Sent(message)).status().message(),
            "codec number 9 is not 1 (ensemble), 2 (single) or 3 (dense)");
  message.set_codec(static_cast<v1::Codec>(-1));
  EXPECT_EQ(FromProto(Sent(message)).status().message(),
            "codec number 4294967295 is not 1 (ensemble), 2 (single) or 3 (dense)");
  message.set_codec(v1::CODEC_UNSPECIFIED);
  EXPECT_EQ(FromProto(Sent(message)).status().message(),
            "codec number 0 is not 1 (ensemble), 2 (single) or 3 (dense)");
  message.set_codec(v1::CODEC_ENSEMBLE);
  message.set_mode(v1::MODE_UNSPECIFIED);
  EXPECT_EQ(FromProto(Sent(message)).status().message(),
            "mode number 0 is not 1 (rolling) or 2 (pure)");
}

TEST(Convert, ValuesOutOfRange_AreRefused) {
  v1::ModelSpec spec = ToProto(Spec(Codec::kEnsemble, Mode::kRolling));
  spec.mutable_layers(1)->set_tile(7);
  EXPECT_EQ(FromProto(Sent(spec)).status().message(),
            "tile side 7 of layer 2 is not 4, 8, 16, 32, 64, 128 or 256");
  v1::TrainingPlan plan = ToProto(Plan());
  plan.set_input_stddev(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(FromProto(Sent(plan), 2).status().message(),
            "input standard deviation is nan; expected a number above 0");
  EXPECT_EQ(FromProto(ToProto(Plan()), 3).status().message(),
            "there are 2 learning rates for 3 layers");
  v1::Shard shard = ToProto(Shard{3, 10, 0});
  shard.set_index(10);
  EXPECT_EQ(FromProto(Sent(shard)).status().message(),
            "shard 10 does not exist; there are 10, counted from 0");
}

TEST(Convert, TooManyLayers_AreRefused) {
  v1::ModelSpec spec = ToProto(Spec(Codec::kEnsemble, Mode::kRolling));
  while (spec.layers_size() < 5000) *spec.add_layers() = spec.layers(0);
  EXPECT_EQ(FromProto(spec).status().message(), "the model has 5000 layers; expected 1 to 1024");
}

}  // namespace
}  // namespace seedfed
