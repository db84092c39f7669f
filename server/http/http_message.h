#ifndef SEEDFED_SERVER_HTTP_HTTP_MESSAGE_H_
#define SEEDFED_SERVER_HTTP_HTTP_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

namespace seedfed {

// A request without body; header fields that it lacks are empty.
struct HttpRequest {
  std::string method = "GET";
  std::string target;  // path and query, as sent
  std::string host;
  std::string authorization;
  std::string if_none_match;
  std::string accept_encoding;
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> fields;  // further header fields
  // The body is not `body` but the stream of server-sent events.
  bool event_stream = false;
};

// {"error": `sentence`}.
HttpResponse HttpError(unsigned status, const std::string& sentence);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_HTTP_HTTP_MESSAGE_H_
