// The exposition, the alerts and the dashboard of a server that trains: they speak of the same
// metrics, and every panel has something to show.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/common/tls/example_certificates.h"
#include "tests/deploy/prometheus/http_get.h"
#include "tests/deploy/prometheus/watched_federation.h"
#include "tests/deploy/prometheus/watcher.h"

namespace seedfed {
namespace {

using testing::IsEmpty;
using testing::Not;

constexpr char kToken[] = "a-token-of-these-tests-only";

// Every metric that a text names, without a histogram's suffixes.
std::set<std::string> NamedMetrics(const std::string& text) {
  static const std::regex name("\\b(seedfed|process)_[a-z0-9_]+(?!\\w|[-.])");
  static const std::regex suffix("_(bucket|sum|count)$");
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it) {
    names.insert(std::regex_replace(it->str(), suffix, ""));
  }
  return names;
}

std::set<std::string> ExposedMetrics(const std::string& exposition) {
  static const std::regex type("# TYPE (\\S+) ");
  std::set<std::string> names;
  for (std::sregex_iterator it(exposition.begin(), exposition.end(), type), end; it != end; ++it) {
    names.insert((*it)[1]);
  }
  return names;
}

nlohmann::json Dashboard() {
  return nlohmann::json::parse(ReadText(SEEDFED_DEPLOY "/grafana/dashboards/seedfed.json"));
}

// Panel and the letter of its query -> expression, with Grafana's variables filled in.
std::map<std::string, std::string> Expressions(const nlohmann::json& dashboard) {
  std::map<std::string, std::string> expressions;
  for (const auto& panel : dashboard.at("panels")) {
    if (panel.at("type") == "row") continue;
    for (const auto& target : panel.at("targets")) {
      std::string text = target.at("expr");
      text = std::regex_replace(text, std::regex("\\$instance"), ".*");
      text = std::regex_replace(text, std::regex("\\$__rate_interval"), "1m");
      expressions[panel.at("title").get<std::string>() + " " +
                  target.at("refId").get<std::string>()] = text;
    }
  }
  return expressions;
}

TEST(Dashboard, PanelsHaveTheirOwnPlaceAndNumber) {
  std::set<int> ids;
  std::set<std::pair<int, int>> cells;
  const nlohmann::json dashboard = Dashboard();
  for (const auto& panel : dashboard.at("panels")) {
    EXPECT_TRUE(ids.insert(panel.at("id").get<int>()).second) << panel.at("title");
    const auto& at = panel.at("gridPos");
    const int x = at.at("x"), y = at.at("y"), w = at.at("w"), h = at.at("h");
    EXPECT_LE(x + w, 24) << panel.at("title");
    for (int i = x; i < x + w; ++i) {
      for (int j = y; j < y + h; ++j) {
        EXPECT_TRUE(cells.emplace(i, j).second) << panel.at("title") << " lies on another panel";
      }
    }
    if (panel.at("type") == "row") continue;
    EXPECT_THAT(panel.at("description").get<std::string>(), Not(IsEmpty())) << panel.at("title");
  }
}

// With TLS, so that there are its figures too.
class TrainingServer : public ::testing::Test {
 protected:
  TrainingServer() { EXPECT_TRUE(evaluator_.WaitForOutput("round 2")) << evaluator_.Output(); }

  static std::string TokenFile(const TempFolder& folder) {
    const std::string file = folder / "token";
    WriteText(file, std::string(kToken) + "\n");
    chmod(file.c_str(), 0600);
    return file;
  }

  std::string Exposition() const {
    const HttpAnswer answer = HttpGet(federation_.http_port(), "/metrics", kToken);
    EXPECT_EQ(answer.status, 200u);
    return answer.body;
  }

  // What the clients trust.
  struct Authority {
    explicit Authority(const std::string& file) { setenv("SEEDFED_TLS_CA", file.c_str(), 1); }
    ~Authority() { unsetenv("SEEDFED_TLS_CA"); }
  };

  const TempFolder folder_;
  const std::string token_file_ = TokenFile(folder_);
  const ExampleCertificates certificates_;
  const Authority authority_{certificates_ / "ca.pem"};
  WatchedFederation federation_{{"--rounds", "0", "--clients", "1", "--admin-token-file",
                                 token_file_, "--tls-cert", certificates_ / "server.pem",
                                 "--tls-key", certificates_ / "server.key"}};
  Process client_ = federation_->Client("trainer");
  Process evaluator_ = federation_->Evaluator();
};

TEST_F(TrainingServer, Exposition_IsCleanAndNamesWhatAlertsAndDashboardUse) {
  const std::string exposition = Exposition();
  WriteText(folder_ / "metrics", exposition);
  Process lint(
      "/bin/sh",
      {"-c", std::string(SEEDFED_PROMTOOL) + " check metrics <" + (folder_ / "metrics").string()},
      folder_ / "lint");
  EXPECT_EQ(lint.Wait(), 0);
  EXPECT_EQ(lint.Output(), "");

  const std::set<std::string> exposed = ExposedMetrics(exposition);
  std::string used = ReadText(SEEDFED_DEPLOY "/prometheus/alerts.yml");
  for (const auto& [panel, expression] : Expressions(Dashboard())) used += expression + "\n";
  for (const std::string& name : NamedMetrics(used)) {
    EXPECT_TRUE(exposed.contains(name)) << name << " is used but not exposed";
  }
  const std::set<std::string> documented =
      NamedMetrics(ReadText(SEEDFED_DEPLOY "/../docs/operations.md"));
  for (const std::string& name : exposed) {
    EXPECT_TRUE(documented.contains(name)) << name << " is not in docs/operations.md";
  }
}

TEST_F(TrainingServer, EveryPanelHasSomethingToShow) {
  const Watcher watcher("prometheus-token.yml", federation_.http_port(), token_file_);
  ASSERT_TRUE(watcher.AwaitResult("rate(seedfed_rounds_total[1m]) > 0")) << watcher.Log();
  const std::map<std::string, std::string> expressions = Expressions(Dashboard());
  EXPECT_GT(expressions.size(), 30u);
  for (const auto& [panel, expression] : expressions) {
    EXPECT_FALSE(watcher.Query(expression).is_null()) << panel << ": " << expression;
    EXPECT_TRUE(watcher.AwaitResult(expression)) << panel << ": " << expression;
  }
  EXPECT_TRUE(watcher.Query("ALERTS{severity=\"critical\"}").empty()) << watcher.Query("ALERTS");
}

}  // namespace
}  // namespace seedfed
