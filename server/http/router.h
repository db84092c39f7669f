#ifndef SEEDFED_SERVER_HTTP_ROUTER_H_
#define SEEDFED_SERVER_HTTP_ROUTER_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/admission/admin_credential.h"
#include "server/http/http_message.h"
#include "server/http/source.h"
#include "server/web/asset.h"

namespace seedfed {

// Answers requests; docs/operations.md has the table of routes. No sockets, not thread-safe.
class Router {
 public:
  // `source` must outlive this.
  Router(Source& source, std::optional<AdminCredential> credential);

  // The answer to a GET; the caller leaves the body away for HEAD.
  HttpResponse Answer(const HttpRequest& request);

  // From now on /readyz answers 503.
  void Stop() { ready_ = false; }

 private:
  HttpResponse Route(const HttpRequest& request, absl::string_view path, absl::string_view query);
  HttpResponse Page(const HttpRequest& request, const Asset& asset);
  // The body of a JSON route; NotFound when the path is none.
  absl::StatusOr<std::string> Json(absl::string_view path, absl::string_view query);
  absl::StatusOr<std::string> Clients(absl::string_view query);
  absl::StatusOr<std::string> Rounds(absl::string_view query);
  absl::StatusOr<std::string> Events(absl::string_view query);

  Source& source_;
  const std::optional<AdminCredential> credential_;
  bool ready_ = true;
  std::map<std::string, std::string, std::less<>> compressed_assets_;  // by ETag
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_ROUTER_H_
