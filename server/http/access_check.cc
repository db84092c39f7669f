#include "server/http/access_check.h"

#include <sodium.h>

#include <boost/asio/ip/address.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace seedfed {
namespace {

constexpr absl::string_view kBearer = "Bearer ";
constexpr absl::string_view kBasic = "Basic ";
constexpr size_t kQuoted = 64;  // characters of a wrong Host that the sentence repeats

// Absent when the header field holds no token, of either scheme.
std::optional<std::string> TokenOf(absl::string_view authorization) {
  if (absl::StartsWithIgnoreCase(authorization, kBearer)) {
    return std::string(authorization.substr(kBearer.size()));
  }
  if (!absl::StartsWithIgnoreCase(authorization, kBasic)) return {};
  const absl::string_view encoded = authorization.substr(kBasic.size());
  std::string pair(encoded.size(), '\0');
  size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(pair.data()), pair.size(), encoded.data(),
                        encoded.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return {};
  }
  pair.resize(size);
  const size_t colon = pair.find(':');
  if (colon == std::string::npos) return {};
  return pair.substr(colon + 1);
}

// "localhost", "127.0.0.1:7780", "[::1]:7780": with or without a port.
bool IsThisMachine(absl::string_view host) {
  absl::string_view name =
      host.substr(0, host.rfind(']') == host.npos ? host.rfind(':') : host.npos);
  if (absl::ConsumePrefix(&name, "[")) name = name.substr(0, name.find(']'));
  if (absl::EqualsIgnoreCase(name, "localhost")) return true;
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(name), error);
  return !error && address.is_loopback();
}

}  // namespace

std::optional<HttpResponse> RefuseAccess(const std::optional<AdminCredential>& credential,
                                         const HttpRequest& request) {
  if (!credential.has_value()) {
    if (IsThisMachine(request.host)) return {};
    return HttpError(403,
                     absl::StrCat("the Host of the request is '", request.host.substr(0, kQuoted),
                                  "'; expected localhost, 127.0.0.1 or [::1] (other names need "
                                  "admin.token_file)"));
  }
  const std::optional<std::string> token = TokenOf(request.authorization);
  if (token.has_value() && credential->Matches(*token)) return {};
  HttpResponse refusal =
      HttpError(401, token.has_value()
                         ? "the admin token is not this server's"
                         : "this page needs the server's admin token, as password or as Bearer");
  refusal.fields.emplace_back("WWW-Authenticate", "Basic realm=\"seedfed\", charset=\"UTF-8\"");
  return refusal;
}

}  // namespace seedfed
