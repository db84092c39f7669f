#include "tests/e2e/federation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

namespace seedfed {

std::vector<std::string> operator+(std::vector<std::string> first,
                                   const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Federation::Federation(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  StartServer();
}

void Federation::StartServer() {
  const std::string run = std::to_string(server_.size());
  std::vector<std::string> own = {"--listen",    "127.0.0.1:" + std::to_string(port_),
                                  "--port-file", folder_ / ("port" + run),
                                  "--store",     folder_ / "store"};
  if (std::find(arguments_.begin(), arguments_.end(), "--http") == arguments_.end()) {
    own = own + std::vector<std::string>{"--http", "127.0.0.1:0"};
  }
  server_.emplace_back("seedfed-server", own + arguments_, folder_ / ("server" + run + ".log"));
  ASSERT_TRUE(server().WaitForOutput("listening on")) << server().Output();
  ASSERT_TRUE(server().WaitForOutput("waiting for")) << server().Output();
  for (int i = 0; port_ == 0 && i < 1000; ++i) {
    std::istringstream(ReadText(folder_ / ("port" + run))) >> port_;
    if (port_ == 0) server().Wait(0.01);
  }
  ASSERT_NE(port_, 0);
}

void Federation::CrashAndRestartServer() {
  server().Signal(SIGKILL);
  ASSERT_EQ(server().Wait(), 128 + SIGKILL);
  StartServer();
}

Process Federation::Client(const std::string& id, const std::vector<std::string>& arguments) {
  const std::vector<std::string> own = {"--server", address(), "--id", id};
  const std::vector<std::string> data = {"--data", kFashionMnist};
  return Process("seedfed-client", own + (arguments.empty() ? data : arguments),
                 folder_ / (id + ".log"));
}

Process Federation::Evaluator() {
  return Client("evaluator",
                {"--evaluate", "--data", kFashionMnist, "--json", folder_ / "rounds.jsonl"});
}

std::map<int, Federation::Line> Federation::EvaluatedRounds() const {
  std::map<int, Line> rounds;
  std::istringstream lines(ReadText(folder_ / "rounds.jsonl"));
  for (std::string text; std::getline(lines, text);) {
    const auto json = nlohmann::json::parse(text);
    rounds[json.at("round")] = {json.at("accuracy"), json.at("fingerprint"),
                                json.at("base_checksum"), json.at("bytes_up"),
                                json.at("bytes_down")};
  }
  return rounds;
}

std::string Federation::FinalFingerprint() {
  const std::string log = server().Output();
  const size_t at = log.rfind("fingerprint ");
  return at == std::string::npos ? "" : log.substr(at + 12, 64);
}

}  // namespace seedfed
