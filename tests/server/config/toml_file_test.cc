#include "server/config/toml_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/server/config/parse.h"

namespace seedfed {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

ServerConfig ParseFile(const std::string& text) {
  const TempFile file(text);
  return Parse({"--config", file.path()});
}

// The sentence that this file must give, without the name of the file in front of its line.
std::string FileRefusal(const std::string& text) {
  const TempFile file(text);
  const std::string sentence = Refusal({"--config", file.path()});
  EXPECT_THAT(sentence, StartsWith(file.path() + ":"));
  return sentence.substr(std::min(sentence.size(), file.path().size() + 1));
}

std::string ReadExample() {
  std::ifstream file(SEEDFED_EXAMPLE_FILE);
  EXPECT_TRUE(file.is_open()) << SEEDFED_EXAMPLE_FILE;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(ExampleFile, AsItIs_GivesTheDefaults) {
  EXPECT_EQ(Parse({"--config", SEEDFED_EXAMPLE_FILE}), Parse({}));
}

TEST(ExampleFile, ShownDefaults_AreTheDefaults) {
  // These have no default value that could be written.
  const std::regex shown(
      "(^|\n)# (?!listen|port_file|token_file|certificate|client_ca|export_model|key)(\\w+ = )");
  EXPECT_EQ(ParseFile(std::regex_replace(ReadExample(), shown, "$1$2")), Parse({}));
}

TEST(ExampleFile, EverySetting_IsThere) {
  const std::string example = ReadExample();
  const std::regex line("(?:^|\n)(?:\\[(\\w+)\\]|(?:# )?(\\w+) = )");
  std::set<std::string> found;
  std::string table;
  for (std::sregex_iterator i(example.begin(), example.end(), line), end; i != end; ++i) {
    if ((*i)[1].matched) {
      table = (*i)[1];
    } else {
      found.insert(table + "." + (*i)[2].str());
    }
  }
  std::set<std::string> expected;
  for (const Setting& setting : AllSettings())
    expected.insert(std::string(setting.table) + "." + setting.key);
  EXPECT_EQ(found, expected);
}

TEST(TomlFile, EmptyFile_GivesTheDefaults) { EXPECT_EQ(ParseFile(""), Parse({})); }

TEST(TomlFile, ListsAndScalars_AreTaken) {
  const ServerConfig config = ParseFile(
      "[model]\ntile = [32, 16, 8]\nkey = 5\n[training]\nlearning_rate = [0.5, 1, 2.0]\ninput_mean "
      "= 0\n"
      "[server]\nlisten = \"0.0.0.0:80\"\ninsecure = true\nexit_when_done = true\npoll_seconds = "
      "1.5\n");
  EXPECT_EQ(config.model.layers[1].tile, 16u);
  EXPECT_EQ(config.key, FederationKey::Parse("5").value());
  EXPECT_THAT(config.training.learning_rate, ElementsAre(0.5, 1, 2));
  EXPECT_EQ(config.training.input_mean, 0);
  EXPECT_EQ(config.listen, (HostPort{"0.0.0.0", 80}));
  EXPECT_TRUE(config.exit_when_done);
  EXPECT_EQ(config.poll, absl::Milliseconds(1500));
}

TEST(TomlFile, KeyAsText_IsTaken) {
  EXPECT_EQ(ParseFile("[model]\nkey = \"18446744073709551615\"\n").key,
            FederationKey::Parse("18446744073709551615").value());
}

TEST(TomlFile, SyntaxError_IsRefusedWithItsLine) {
  EXPECT_THAT(FileRefusal("[rounds]\nclients = = 3\n"), StartsWith("2: not TOML: "));
  EXPECT_THAT(FileRefusal("[rounds\n"), StartsWith("1: not TOML: "));
  EXPECT_THAT(FileRefusal("[rounds]\nclients = 1\nclients = 2\n"), StartsWith("3: not TOML: "));
  EXPECT_THAT(FileRefusal(std::string("\0\1\2", 3)), StartsWith("1: not TOML: "));
  // What is quoted of the file stays on the sentence's one line.
  EXPECT_THAT(FileRefusal("[log]\nformat = n\n"), EndsWith("saw 'n\\n'"));
  EXPECT_THAT(FileRefusal("[\"a\\nb\"]\n"), StartsWith("1: unknown table [a\\nb]; "));
}

TEST(TomlFile, UnknownTable_IsRefused) {
  EXPECT_EQ(FileRefusal("\n[round]\nclients = 3\n"),
            "2: unknown table [round]; did you mean [rounds]?");
  EXPECT_EQ(
      FileRefusal("[database]\n"),
      "1: unknown table [database]; expected server, tls, http, admin, clients, limits, model, "
      "rounds, aggregation, "
      "training, simulation, store");
}

TEST(TomlFile, KeyInNoTable_IsRefused) {
  EXPECT_EQ(FileRefusal("quorum = 3\n"), "1: 'quorum' is in no table; it belongs in [rounds]");
  EXPECT_EQ(
      FileRefusal("colour = 3\n"),
      "1: 'colour' is in no table; expected the tables server, tls, http, admin, clients, limits, "
      "model, rounds, "
      "aggregation, training, simulation, store");
  EXPECT_EQ(FileRefusal("training = 3\n"),
            "1: training is a whole number; expected a table, [training]");
}

TEST(TomlFile, UnknownKey_IsRefusedWithTheNearest) {
  EXPECT_EQ(FileRefusal("[rounds]\nclients = 3\nquorm = 2\n"),
            "3: unknown key 'quorm' in [rounds]; did you mean 'quorum'?");
  EXPECT_EQ(FileRefusal("[rounds]\ntile = 8\n"),
            "2: unknown key 'tile' in [rounds]; it belongs in [model]");
  EXPECT_EQ(FileRefusal("[simulation]\ncolour = 8\n"),
            "2: unknown key 'colour' in [simulation]; expected shards, alpha");
}

TEST(TomlFile, WrongType_IsRefusedWithItsLine) {
  EXPECT_EQ(FileRefusal("[rounds]\n\nclients = \"10\"\n"),
            "3: rounds.clients is text; expected a whole number from 1 to 1048576");
  EXPECT_EQ(
      FileRefusal("[rounds]\nclients = 1.5\n"),
      "2: rounds.clients is a number with a fraction; expected a whole number from 1 to 1048576");
  EXPECT_EQ(FileRefusal("[rounds]\nclients = [1]\n"),
            "2: rounds.clients is a list; expected a whole number from 1 to 1048576");
  EXPECT_EQ(FileRefusal("[server]\nstore = 3\n"),
            "2: server.store is a whole number; expected text");
  EXPECT_EQ(FileRefusal("[server]\nexit_when_done = \"no\"\n"),
            "2: server.exit_when_done is text; expected true or false");
  EXPECT_EQ(FileRefusal("[model]\ntile = [8, \"8\"]\n"),
            "2: model.tile: an element is text; expected a whole number or a list of them, each "
            "from 0 to 4294967295");
  EXPECT_EQ(
      FileRefusal("[rounds]\ndeadline_seconds = 2020-01-01\n"),
      "2: rounds.deadline_seconds is a date or time; expected a number from 0.001 to 31536000");
  EXPECT_EQ(FileRefusal("[rounds.clients]\n"),
            "1: rounds.clients is a table; expected a whole number from 1 to 1048576");
}

TEST(TomlFile, OutOfRange_IsRefusedWithItsLine) {
  EXPECT_EQ(FileRefusal("[rounds]\nclients = 0\n"),
            "2: rounds.clients is 0; expected a whole number from 1 to 1048576");
  EXPECT_EQ(FileRefusal("[simulation]\nalpha = nan\n"),
            "2: simulation.alpha is nan; expected a number from 0 to 1000000");
  EXPECT_EQ(FileRefusal("[model]\nkey = -1\n"),
            "2: model.key: the key, of 2 characters, is neither a whole number below 2^64 nor 32 "
            "hexadecimal digits");
}

}  // namespace
}  // namespace seedfed
