#include "tests/deploy/prometheus/watcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <regex>
#include <thread>

#include "tests/deploy/prometheus/http_get.h"

namespace seedfed {
namespace {

constexpr std::chrono::seconds kPatience(30);
constexpr std::chrono::milliseconds kPollInterval(100);

std::string Replaced(const std::string& text, const std::string& pattern,
                     const std::string& replacement) {
  const std::regex regex(pattern);
  EXPECT_TRUE(std::regex_search(text, regex)) << "no " << pattern << " in " << text;
  return std::regex_replace(text, regex, replacement);
}

template <typename Predicate>
bool Await(Predicate done, const std::function<void()>& meanwhile) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    meanwhile();
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

}  // namespace

Watcher::Watcher(const std::string& configuration, uint16_t http_port,
                 const std::string& token_file) {
  const std::string source = std::string(SEEDFED_DEPLOY) + "/prometheus/";
  std::string config = ReadText(source + configuration);
  config =
      Replaced(config, "(scrape_interval|scrape_timeout|evaluation_interval): \\d+s", "$1: 200ms");
  config =
      Replaced(config, "targets: .*", "targets: [\"127.0.0.1:" + std::to_string(http_port) + "\"]");
  if (!token_file.empty()) {
    config = Replaced(config, "credentials_file: .*", "credentials_file: " + token_file);
  }
  WriteText(folder_ / "prometheus.yml", config);
  WriteText(folder_ / "alerts.yml",
            Replaced(ReadText(source + "alerts.yml"), "for: \\w+", "for: 1s"));
  process_ = std::make_unique<Process>(
      SEEDFED_PROMETHEUS,
      std::vector<std::string>{"--config.file=" + (folder_ / "prometheus.yml").string(),
                               "--storage.tsdb.path=" + (folder_ / "tsdb").string(),
                               "--web.listen-address=127.0.0.1:0"},
      folder_ / "log");
  EXPECT_TRUE(process_->WaitForOutput("ready to receive web requests")) << Log();
  std::smatch found;
  const std::string log = Log();
  const std::regex address("\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");
  if (std::regex_search(log, found, address)) port_ = static_cast<uint16_t>(std::stoi(found[1]));
  EXPECT_NE(port_, 0) << log;
}

nlohmann::json Watcher::Query(const std::string& expression) const {
  const HttpAnswer answer = HttpGet(port_, "/api/v1/query?query=" + UrlEncoded(expression));
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || json.is_discarded()) return nullptr;
  return json.at("data").at("result");
}

bool Watcher::AwaitAlert(const std::string& name, const std::function<void()>& meanwhile) const {
  const std::string firing = "ALERTS{alertstate=\"firing\",alertname=\"" + name + "\"}";
  return Await([&] { return !Query(firing).empty(); }, meanwhile);
}

bool Watcher::AwaitResult(const std::string& expression) const {
  return Await([&] { return !Query(expression).empty(); }, [] {});
}

}  // namespace seedfed
