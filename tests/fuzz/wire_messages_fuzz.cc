// Messages of a peer that parse, before anything else has looked at them.

#include <cstdint>
#include <utility>

#include "client/rpc/answers.h"
#include "common/base/check.h"
#include "common/wire/convert.h"
#include "common/wire/json.h"
#include "seedfed/v1/admin.pb.h"
#include "tests/fuzz/fuzz_input.h"

namespace seedfed {
namespace {

// A value that was accepted survives the way back.
template <typename Value, typename... Context>
void CheckWayBack(const absl::StatusOr<Value>& value, const Context&... context) {
  if (!value.ok()) {
    SEEDFED_CHECK(!value.status().message().empty());
    return;
  }
  const auto again = FromProto(ToProto(*value), context...);
  SEEDFED_CHECK(again.ok() && *again == *value);
}

template <typename Message>
Message Parse(absl::string_view bytes) {
  Message message;
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) ToJson(message);
  return message;
}

void Convert(uint32_t kind, absl::string_view bytes) {
  switch (kind) {
    case 0:
      return CheckWayBack(FromProto(Parse<v1::ModelSpec>(bytes)));
    case 1:
      return CheckWayBack(FromProto(Parse<v1::TrainingPlan>(bytes), 2), 2);
    case 2:
      return CheckWayBack(FromProto(Parse<v1::Shard>(bytes)));
    case 3:
      FromProto(Parse<v1::JoinResponse>(bytes), ClientRole::kTrain).IgnoreError();
      FromProto(Parse<v1::JoinResponse>(bytes), ClientRole::kEvaluate).IgnoreError();
      return;
    case 4:
      FromProto(Parse<v1::AwaitRoundResponse>(bytes)).IgnoreError();
      return;
    case 5:
      FromProto(Parse<v1::SubmitUpdateResponse>(bytes)).IgnoreError();
      return;
    case 6:
      Parse<v1::Status>(bytes);
      return;
    case 7:
      Parse<v1::Event>(bytes);
      return;
  }
}

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  seedfed::FuzzInput input(data, size);
  const uint32_t kind = input.Below(8);
  seedfed::Convert(kind, input.Rest());
  return 0;
}
