#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/status.h"
#include "common/base/version.h"
#include "server/config/nearest.h"
#include "server/config/server_config.h"
#include "server/config/settings.h"
#include "server/config/toml_file.h"

namespace seedfed {
namespace {

constexpr char kDescription[] =
    "The server of a federation: collects updates from clients, averages them, and hands out the "
    "average.";

constexpr char kExample[] = R"(Example: ten clients train 20 rounds on parts of one data set
  seedfed-server --store fashion --rounds 20 --clients 10 --shards 10 --exit-when-done

A configuration file has one table per group above; deploy/server.toml shows every key. Flags win over the file.
Exit status: 0 stopped by a signal or done, 1 failed, 2 a wrong flag or configuration file.)";

// What CLI11 found for one setting.
struct Flag {
  const Setting* setting;
  CLI::Option* option;
  std::string text;
  bool on = false;
};

std::string Group(const Setting& setting) { return absl::StrCat("[", setting.table, "]"); }

std::string Help(const Setting& setting) {
  if (setting.default_value == nullptr || *setting.value_name == '\0') return setting.help;
  return absl::StrCat(setting.help, "; default: ", setting.default_value);
}

// `flags` must not move after this: CLI11 keeps the addresses of its strings.
void AddFlags(CLI::App& app, std::vector<Flag>& flags) {
  for (Flag& flag : flags) {
    const std::string name = absl::StrCat("--", flag.setting->flag);
    if (std::holds_alternative<Settings::Switch Settings::*>(flag.setting->field)) {
      flag.option = app.add_flag(name, flag.on, Help(*flag.setting));
    } else {
      flag.option =
          app.add_option(name, flag.text, Help(*flag.setting))->type_name(flag.setting->value_name);
    }
    flag.option->group(Group(*flag.setting));
  }
}

absl::Status UnknownArgument(const std::string& argument) {
  if (argument.rfind('-', 0) != 0) {
    return absl::InvalidArgumentError(absl::StrCat("unexpected argument '", argument,
                                                   "'; expected flags only, such as --clients 10"));
  }
  const std::string name = argument.substr(0, argument.find('='));
  std::vector<std::string> known = {"--config", "--help", "--version"};
  for (const Setting& setting : AllSettings()) known.push_back(absl::StrCat("--", setting.flag));
  const std::vector<absl::string_view> words(known.begin(), known.end());
  const std::string nearest = NearestWord(name, words);
  return absl::InvalidArgumentError(
      absl::StrCat("unknown flag ", name, "; ",
                   nearest.empty() ? "see --help" : absl::StrCat("did you mean ", nearest, "?")));
}

// A flag without its value, or with two.
absl::Status WrongCount(const std::vector<Flag>& flags, const std::string& message) {
  const std::string name = message.substr(0, message.find(':'));
  for (const Flag& flag : flags) {
    if (name != absl::StrCat("--", flag.setting->flag)) continue;
    if (flag.option->count() > 1)
      return absl::InvalidArgumentError(absl::StrCat(name, " is given more than once"));
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has no value; expected ", ExpectedValue(*flag.setting)));
  }
  return absl::InvalidArgumentError(message);
}

absl::Status ReadFlags(const std::vector<Flag>& flags, Settings& settings) {
  for (const Flag& flag : flags) {
    if (flag.option->count() == 0) continue;
    const std::string where = absl::StrCat("--", flag.setting->flag);
    SEEDFED_RETURN_IF_ERROR(
        std::holds_alternative<Settings::Switch Settings::*>(flag.setting->field)
            ? Give(*flag.setting, flag.on, where, settings)
            : GiveText(*flag.setting, flag.text, where, settings));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ServerCommand> ParseServerFlags(int argc, const char* const* argv) {
  CLI::App app(kDescription, "seedfed-server");
  app.footer(kExample);
  app.get_formatter()->column_width(36);
  app.allow_extras();
  app.set_version_flag("--version", absl::StrCat("seedfed-server ", Version()));
  std::string config_file;
  CLI::Option* config_option =
      app.add_option("--config", config_file, "TOML file with settings")->type_name("FILE");
  std::vector<Flag> flags;
  for (const Setting& setting : AllSettings()) flags.push_back({&setting, nullptr, "", false});
  AddFlags(app, flags);

  ServerCommand command;
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    command.print = app.help();
    return command;
  } catch (const CLI::CallForVersion& version) {
    command.print = absl::StrCat(version.what(), "\n");
    return command;
  } catch (const CLI::ArgumentMismatch& error) {
    return WrongCount(flags, error.what());
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  if (const std::vector<std::string> rest = app.remaining(); !rest.empty())
    return UnknownArgument(rest[0]);

  Settings settings;
  if (config_option->count() > 0) SEEDFED_RETURN_IF_ERROR(ReadTomlFile(config_file, settings));
  SEEDFED_RETURN_IF_ERROR(ReadFlags(flags, settings));
  SEEDFED_ASSIGN_OR_RETURN(command.config, ResolveSettings(settings));
  return command;
}

}  // namespace seedfed
