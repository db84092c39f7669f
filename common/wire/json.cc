#include "common/wire/json.h"

#include <google/protobuf/util/json_util.h>

#include "common/base/check.h"

namespace seedfed {

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  SEEDFED_CHECK(status.ok());
  return json;
}

}  // namespace seedfed
