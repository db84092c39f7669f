#include "server/http/http_message.h"

#include <nlohmann/json.hpp>

namespace seedfed {

HttpResponse HttpError(unsigned status, const std::string& sentence) {
  using nlohmann::json;
  const json body = {{"error", sentence}};
  // A sentence may quote bytes of the request that are not UTF-8.
  return {.status = status,
          .content_type = "application/json",
          .body = body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

}  // namespace seedfed
