#ifndef SEEDFED_TESTS_DEPLOY_PROMETHEUS_HTTP_GET_H_
#define SEEDFED_TESTS_DEPLOY_PROMETHEUS_HTTP_GET_H_

#include <cstdint>
#include <string>

namespace seedfed {

struct HttpAnswer {
  unsigned status = 0;  // 0: nobody answers
  std::string body;
};

// GET http://127.0.0.1:port/target; `token`, if there is one, as a bearer token.
HttpAnswer HttpGet(uint16_t port, const std::string& target, const std::string& token = "");

// As a value of a query string.
std::string UrlEncoded(const std::string& text);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_DEPLOY_PROMETHEUS_HTTP_GET_H_
