#ifndef SEEDFED_TESTS_CLI_ADMIN_EXAMPLE_STATUS_H_
#define SEEDFED_TESTS_CLI_ADMIN_EXAMPLE_STATUS_H_

#include "common/wire/convert.h"
#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// A federation in the middle of its 21st round, all well.
inline v1::Status ExampleStatus() {
  v1::Status status;
  status.set_version("1.2.0");
  status.set_protocol(kProtocolVersion);
  status.set_federation_id("00112233445566778899aabbccddeeff");
  status.set_started(1'700'000'000);
  status.set_time(1'700'000'151);
  status.set_state("collecting");
  status.set_round(20);
  status.set_rounds(60);
  v1::OpenRound& open = *status.mutable_open_round();
  open.set_round(21);
  open.set_updates(7);
  open.set_goal(10);
  open.set_quorum(8);
  open.set_age(0.5);
  open.set_seconds_left(299.2);
  v1::ClientCounts& clients = *status.mutable_clients();
  clients.set_trainers(10);
  clients.set_evaluators(1);
  clients.set_live(10);
  clients.set_live_evaluators(1);
  clients.set_needed(8);
  v1::ModelSummary& model = *status.mutable_model();
  for (const auto& [inputs, outputs] : {std::pair{784U, 256U}, {256U, 128U}, {128U, 10U}}) {
    v1::LayerSummary& layer = *model.add_layers();
    layer.set_inputs(inputs);
    layer.set_outputs(outputs);
    layer.set_tile(8);
  }
  model.set_parameters(235'146);
  model.set_codec("ensemble");
  model.set_mode("rolling");
  model.set_update_bytes(4'016);
  model.set_fp32_bytes(940'584);
  model.set_fingerprint("de89ba8f42a87f8e");
  v1::Traffic& traffic = *status.mutable_traffic();
  traffic.set_bytes_up(810'000);
  traffic.set_bytes_down(880'000);
  traffic.set_fp32_bytes_up(188e6);
  traffic.set_fp32_bytes_down(206e6);
  traffic.set_updates(200);
  traffic.set_late(3);
  status.add_refused()->set_reason("words");
  v1::Evaluated& latest = *status.mutable_latest();
  latest.set_round(20);
  latest.set_accuracy(0.8638);
  latest.set_loss(0.3794);
  latest.set_examples(10'000);
  *status.mutable_best() = latest;
  status.mutable_best()->set_round(19);
  status.mutable_best()->set_accuracy(0.864);
  status.set_rounds_per_second(3.1);
  status.set_training_loss(0.4123);
  return status;
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_CLI_ADMIN_EXAMPLE_STATUS_H_
