#ifndef SEEDFED_COMMON_WIRE_JSON_H_
#define SEEDFED_COMMON_WIRE_JSON_H_

#include <google/protobuf/message.h>

#include <string>

namespace seedfed {

// `message` in protobuf's JSON mapping, on one line, with the field names of the .proto files.
// Fields without a value are written too, as zero, false or empty; absent are only messages and
// `optional` fields that are not set. NaN and infinite numbers are the strings "NaN", "Infinity",
// "-Infinity". Pure and thread-safe.
std::string ToJson(const google::protobuf::Message& message);

}  // namespace seedfed

#endif  // SEEDFED_COMMON_WIRE_JSON_H_
