#include "server/rpc/unknown_calls.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/rpc/grpc_status.h"

namespace seedfed {
namespace {

constexpr size_t kShownBytes = 100;  // of a name that anybody chose

class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const absl::Status& status) { Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* UnknownCalls::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const absl::string_view method(context->method());
  const absl::Status status = absl::UnimplementedError(
      absl::StrCat("the server has no method ", absl::CHexEscape(method.substr(0, kShownBytes))));
  refused_(status);
  return new Refusal(status);
}

}  // namespace seedfed
