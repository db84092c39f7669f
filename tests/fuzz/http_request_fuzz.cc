// An HTTP request from its bytes to the answer, with and without an admin token; no sockets.

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "common/base/check.h"
#include "server/http/http_limits.h"
#include "server/http/router.h"
#include "tests/fuzz/memory_file.h"
#include "tests/server/http/fake_source.h"

namespace seedfed {
namespace {

namespace http = boost::beast::http;

constexpr char kToken[] = "0123456789abcdef";

std::optional<HttpRequest> Parse(absl::string_view bytes) {
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<uint32_t>(HttpLimits().header_bytes));
  boost::system::error_code error;
  parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error || !parser.is_header_done()) return {};
  const auto& message = parser.get();
  const auto text = [](boost::beast::string_view view) {
    return std::string(view.data(), view.size());
  };
  return HttpRequest{.method = text(message.method_string()),
                     .target = text(message.target()),
                     .host = text(message[http::field::host]),
                     .authorization = text(message[http::field::authorization]),
                     .if_none_match = text(message[http::field::if_none_match]),
                     .accept_encoding = text(message[http::field::accept_encoding])};
}

bool IsJson(const HttpResponse& response) { return response.content_type == "application/json"; }

void CheckAnswer(const HttpResponse& response) {
  SEEDFED_CHECK(response.status >= 200 && response.status < 504);
  bool compressed = false;
  for (const auto& [name, value] : response.fields) {
    SEEDFED_CHECK(value.find_first_of("\r\n") == std::string::npos);
    if (name == "Content-Encoding") compressed = true;
  }
  if (IsJson(response) && !compressed) SEEDFED_CHECK(nlohmann::json::accept(response.body));
}

class Site {
 public:
  Site() {
    source_.clients_ = 3;
    source_.CompleteRounds(40);
    source_.Evaluate(7);
    source_.Log("a \"text\" with \x01 and \xff");
    const MemoryFile file(kToken);
    guarded_.emplace(source_, *AdminCredential::Load(file.path()));
  }

  void Ask(const HttpRequest& request) {
    CheckAnswer(open_.Answer(request));
    const HttpResponse guarded = guarded_->Answer(request);
    CheckAnswer(guarded);
    const absl::string_view path =
        absl::string_view(request.target).substr(0, request.target.find('?'));
    // Without the token nobody sees more than whether the server is there.
    if (request.authorization.empty() && path != "/healthz" && path != "/readyz") {
      SEEDFED_CHECK(guarded.status == 401);
    }
  }

 private:
  FakeSource source_;
  Router open_{source_, std::nullopt};
  std::optional<Router> guarded_;
};

}  // namespace
}  // namespace seedfed

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace seedfed;
  static Site& site = *new Site;
  const auto request = Parse({reinterpret_cast<const char*>(data), size});
  if (request) site.Ask(*request);
  return 0;
}
