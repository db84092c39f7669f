// The exposition as Prometheus's own linter sees it.

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "server/metrics/metrics.h"

namespace seedfed {
namespace {

// What `promtool check metrics` says of the text; empty: nothing.
std::string Lint(const std::string& text) {
  char name[] = "/tmp/seedfed-exposition-XXXXXX";
  const int file = mkstemp(name);
  EXPECT_EQ(write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  close(file);
  std::FILE* lint =
      popen((std::string(SEEDFED_PROMTOOL) + " check metrics <" + name + " 2>&1").c_str(), "r");
  std::string said;
  for (int c; (c = std::fgetc(lint)) != EOF;) said.push_back(static_cast<char>(c));
  if (pclose(lint) != 0) said += "(failed)";
  unlink(name);
  return said;
}

v1::Status FullStatus() {
  v1::Status status;
  status.set_version("0.1.0");
  status.set_state("collecting");
  status.mutable_open_round()->set_round(1);
  status.mutable_latest()->set_accuracy(0.5);
  status.set_training_loss(2.3);
  return status;
}

TEST(Exposition, OfAFullStatus_IsClean) {
  Metrics metrics(absl::Seconds(300));
  metrics.Observe({.kind = EventKind::kRoundComplete, .details = RoundDetails{}});
  metrics.ObserveCommit(1, absl::Milliseconds(1));
  EXPECT_EQ(Lint(metrics.Expose(FullStatus(), 1)), "");
}

TEST(Exposition, OfAnEmptyStatus_IsClean) {
  EXPECT_EQ(Lint(Metrics(absl::Seconds(300)).Expose(v1::Status(), 0)), "");
}

TEST(Exposition, Linter_FindsWhatIsWrong) {
  EXPECT_NE(Lint("# HELP a_count b\n# TYPE a_count gauge\na_count 1\n"), "");
  EXPECT_NE(Lint("a{ 1\n"), "");
}

// Free text from outside cannot break the format.
TEST(Exposition, AwkwardVersion_IsEscaped) {
  v1::Status status = FullStatus();
  status.set_version("1.0 \"a\\b\"\nseedfed_round 7");
  EXPECT_EQ(Lint(Metrics(absl::Seconds(300)).Expose(status, 0)), "");
}

}  // namespace
}  // namespace seedfed
