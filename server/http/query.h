#ifndef SEEDFED_SERVER_HTTP_QUERY_H_
#define SEEDFED_SERVER_HTTP_QUERY_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace seedfed {

// The parameters after the '?' of a URL. Every error is InvalidArgument with one sentence that
// names the parameter.
class Query {
 public:
  // `text` is "name=value&name=value", percent-encoded; names other than `known`, and a name that
  // comes twice, are refused.
  static absl::StatusOr<Query> Parse(absl::string_view text,
                                     std::span<const absl::string_view> known);

  // A whole number from 0 to `most`; `absent` when it is not given.
  absl::StatusOr<uint64_t> Number(absl::string_view name, uint64_t most, uint64_t absent) const;

  // One of `choices`; the first one when it is not given.
  absl::StatusOr<std::string> Choice(absl::string_view name,
                                     std::span<const absl::string_view> choices) const;

 private:
  const std::string* Find(absl::string_view name) const;

  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_QUERY_H_
