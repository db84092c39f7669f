#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/server/core/scenario.h"

// Plays every transcripts/*.txt. A transcript starts with a comment that names its rule of
// docs/protocol.md; then come blocks of commands (see scenario.h), `----`, what they lead to, and
// an empty line. With SEEDFED_REWRITE=1 in the environment what they lead to is written into the
// transcripts; read the difference before keeping it.

namespace seedfed {
namespace {

using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

constexpr char kHint[] =
    "If the new output is what docs/protocol.md says: SEEDFED_REWRITE=1 tests/transcript_test";

struct Played {
  std::string text;  // the transcript with what its commands lead to now
  Lines differences;
};

// `expected` and `actual` merged by a longest common subsequence, marked -, + or nothing.
Lines Difference(const Lines& expected, const Lines& actual) {
  std::vector<std::vector<size_t>> common(expected.size() + 1,
                                          std::vector<size_t>(actual.size() + 1));
  for (size_t i = expected.size(); i-- > 0;) {
    for (size_t j = actual.size(); j-- > 0;) {
      common[i][j] = expected[i] == actual[j] ? common[i + 1][j + 1] + 1
                                              : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  Lines merged;
  size_t i = 0, j = 0;
  while (i < expected.size() || j < actual.size()) {
    if (i < expected.size() && j < actual.size() && expected[i] == actual[j]) {
      merged.push_back("    " + actual[j]);
      ++i, ++j;
    } else if (j == actual.size() ||
               (i < expected.size() && common[i + 1][j] >= common[i][j + 1])) {
      merged.push_back("  - " + expected[i++]);
    } else {
      merged.push_back("  + " + actual[j++]);
    }
  }
  return merged;
}

absl::StatusOr<Played> Play(const std::string& name, const std::string& text) {
  Lines lines = absl::StrSplit(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.empty() || !lines[0].starts_with("# ")) {
    return absl::InvalidArgumentError(name + ":1: expected a comment that names the rule");
  }
  Scenario scenario;
  Played played;
  Lines out;
  for (size_t at = 0; at < lines.size();) {
    if (lines[at].empty() || lines[at].starts_with("#")) {
      out.push_back(lines[at++]);
      continue;
    }
    const size_t first = at;
    Lines actual, expected;
    for (; at < lines.size() && !lines[at].empty() && lines[at] != "----"; ++at) {
      const absl::StatusOr<std::string> result = scenario.Run(lines[at]);
      if (!result.ok()) {
        return absl::InvalidArgumentError(
            absl::StrCat(name, ":", at + 1, ": ", result.status().message()));
      }
      out.push_back(lines[at]);
      for (const absl::string_view line : absl::StrSplit(*result, '\n', absl::SkipEmpty())) {
        actual.emplace_back(line);
      }
    }
    const Lines commands(lines.begin() + first, lines.begin() + at);
    if (at < lines.size() && lines[at] == "----") ++at;
    while (at < lines.size() && !lines[at].empty()) expected.push_back(lines[at++]);
    if (actual.empty()) actual.emplace_back("ok");
    out.emplace_back("----");
    out.insert(out.end(), actual.begin(), actual.end());
    if (actual == expected) continue;
    played.differences.push_back(
        absl::StrCat(name, ":", first + 1, ": after\n    ", absl::StrJoin(commands, "\n    "),
                     "\n  the transcript says (-), and the core did (+)\n",
                     absl::StrJoin(Difference(expected, actual), "\n"), "\n"));
  }
  played.text = absl::StrJoin(out, "\n") + "\n";
  return played;
}

std::vector<std::filesystem::path> Transcripts() {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(TRANSCRIPTS)) {
    if (entry.path().extension() == ".txt") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

class TranscriptFile : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(TranscriptFile, IsWhatTheCoreDoes) {
  std::ifstream file(GetParam());
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const absl::StatusOr<Played> played = Play(GetParam().filename().string(), text);
  ASSERT_TRUE(played.ok()) << played.status().message();
  if (const char* rewrite = std::getenv("SEEDFED_REWRITE");
      rewrite != nullptr && std::string(rewrite) == "1") {
    if (played->text != text) std::ofstream(GetParam()) << played->text;
    return;
  }
  if (!played->differences.empty()) {
    ADD_FAILURE() << "\n" << absl::StrJoin(played->differences, "\n") << "\n" << kHint;
  }
}

INSTANTIATE_TEST_SUITE_P(Transcripts, TranscriptFile, ::testing::ValuesIn(Transcripts()),
                         [](const auto& file) { return file.param.stem().string(); });

TEST(Transcript, Folder_HasFiles) { EXPECT_FALSE(Transcripts().empty()); }

TEST(Transcript, OutputThatDiffers_IsShownLineByLineAndRewritten) {
  const auto played = Play("x.txt",
                           "# Rule.\nrules goal=1\n----\nok\n\njoin c0\n----\n"
                           "commit 1: trainer 0 is c0\n"
                           "log: round 9 is open\n");
  ASSERT_TRUE(played.ok()) << played.status();
  ASSERT_EQ(played->differences.size(), 1U);
  EXPECT_EQ(played->differences[0],
            "x.txt:6: after\n    join c0\n"
            "  the transcript says (-), and the core did (+)\n"
            "    commit 1: trainer 0 is c0\n"
            "  - log: round 9 is open\n"
            "  + log: client c0 joins as trainer 0\n"
            "  + log: round 1 is open: 1 clients are here\n"
            "  + call 1 join c0: number 0, last round 0, collecting\n");
  const auto again = Play("x.txt", played->text);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->differences.empty());
  EXPECT_EQ(again->text, played->text);
}

TEST(Transcript, CommandsThatMeanNothing_NameTheirLine) {
  const auto error = [](const std::string& command) {
    return std::string(
        Play("x.txt", "# Rule.\nrules goal=1\njoin c0\n" + command).status().message());
  };
  EXPECT_EQ(error("jion c0"), "x.txt:4: 'jion c0': there is no such command");
  EXPECT_EQ(error("await c1 have=0"),
            "x.txt:4: 'await c1 have=0': 'c1' is neither a number nor an id whose join was "
            "answered");
  EXPECT_EQ(error("await c0"), "x.txt:4: 'await c0': expected have=..., found ''");
  EXPECT_EQ(error("submit c0 round=1 slat=2"),
            "x.txt:4: 'submit c0 round=1 slat=2': 'slat=2' means nothing here");
  EXPECT_EQ(error("rules goal=1 quorum=2"),
            "x.txt:4: 'rules goal=1 quorum=2': quorum is 2; expected 1 to the goal of 1");
  EXPECT_EQ(error("durable 1"), "x.txt:4: 'durable 1': 0 commits are kept back");
  EXPECT_THAT(std::string(Play("x.txt", "rules goal=1\n").status().message()),
              HasSubstr("x.txt:1: expected a comment that names the rule"));
}

}  // namespace
}  // namespace seedfed
