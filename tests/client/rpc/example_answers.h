#ifndef SEEDFED_TESTS_CLIENT_RPC_EXAMPLE_ANSWERS_H_
#define SEEDFED_TESTS_CLIENT_RPC_EXAMPLE_ANSWERS_H_

#include <string>

#include "common/base/hash.h"
#include "common/wire/convert.h"
#include "seedfed/v1/federation.pb.h"
#include "tests/common/model/example_models.h"

namespace seedfed {

// A valid answer to a trainer: client 7 of the example ensemble model, shard 2 of 5, 3 of 10 rounds
// complete, paused.
inline v1::JoinResponse ExampleJoinResponse() {
  TrainingPlan plan;
  plan.learning_rate = {0.1, 0.1};
  plan.batch = 16;
  plan.samples = 32;
  v1::JoinResponse message;
  message.set_federation_id(std::string(16, 'f'));
  message.set_key(ToBytes(ExampleKey().bytes()));
  message.set_client_number(7);
  *message.mutable_model() = ToProto(ExampleEnsemble());
  *message.mutable_training() = ToProto(plan);
  *message.mutable_shard() = ToProto(Shard{2, 5, 0.5});
  message.set_round(3);
  message.set_rounds(10);
  message.set_state(v1::FEDERATION_STATE_PAUSED);
  message.set_poll_ms(500);
  message.set_example_cap(1000);
  return message;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLIENT_RPC_EXAMPLE_ANSWERS_H_
