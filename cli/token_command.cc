#include "cli/token_command.h"

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/layout/text_table.h"
#include "cli/token/client_token_store.h"
#include "common/base/clock.h"

namespace seedfed {
namespace {

constexpr int kFailed = 1;
constexpr int kBadInput = 2;
constexpr double kMostDays = 36500;
constexpr size_t kShownDigits = 12;  // of a digest

constexpr const char* kFooter =
    R"(The file holds no tokens, only what recognises them: give it to the server as --client-token-file.
A new token is printed once, on standard output; only the client needs it, in a file that is closed to others:
  (umask 077; seedfed token add --file client-tokens --client meter-17 --days 365 > meter-17.token)
  seedfed-client --id meter-17 --token-file meter-17.token ...
A server sees a change within a second.

Exit status: 0 done, 1 the file cannot be written, 2 a wrong file, client id or number.)";

struct Options {
  std::string file, client;
  double days = 0;  // 0: for ever
  double overlap_days = 1;
  bool json = false;
};

int Fail(const absl::Status& status) {
  std::cerr << "seedfed: " << status.message() << "\n";
  return absl::IsUnavailable(status) ? kFailed : kBadInput;
}

absl::Time ExpiryOf(const Options& options, absl::Time now) {
  return options.days == 0 ? absl::InfiniteFuture() : now + absl::Hours(24 * options.days);
}

int Print(const absl::StatusOr<NewClientToken>& made) {
  if (!made.ok()) return Fail(made.status());
  std::cout << made->token << "\n" << std::flush;
  if (!std::cout) {
    return Fail(absl::UnavailableError(
        "the new token could not be written to standard output; revoke it and make another"));
  }
  return 0;
}

int Add(const Options& options) {
  const absl::Time now = SystemClock().Wall();
  return Print(AddClientToken(options.file, options.client, ExpiryOf(options, now), now));
}

int Rotate(const Options& options) {
  const absl::Time now = SystemClock().Wall();
  return Print(RotateClientToken(options.file, options.client, ExpiryOf(options, now),
                                 absl::Hours(24 * options.overlap_days), now));
}

int Revoke(const Options& options) {
  const absl::StatusOr<size_t> revoked = RevokeClientTokens(options.file, options.client);
  if (!revoked.ok()) return Fail(revoked.status());
  std::cout << "Revoked " << *revoked << (*revoked == 1 ? " token" : " tokens") << " of client "
            << options.client << ".\n";
  return 0;
}

const char* StateOf(const ClientToken& token, absl::Time now) {
  return token.expires <= now ? "expired" : "good";
}

// {"tokens": [{"client", "digest", "expires", "state"}]}; a token that is good for ever has no
// "expires".
std::string TokensJson(const std::vector<ClientToken>& tokens, absl::Time now) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ClientToken& token : tokens) {
    nlohmann::ordered_json entry = {{"client", token.client_id}, {"digest", ToHex(token.digest)}};
    if (token.expires != absl::InfiniteFuture()) entry["expires"] = FormatExpiry(token.expires);
    entry["state"] = StateOf(token, now);
    list.push_back(std::move(entry));
  }
  return nlohmann::ordered_json{{"tokens", std::move(list)}}.dump(2) + "\n";
}

int List(const Options& options) {
  const auto tokens = ListClientTokens(options.file);
  if (!tokens.ok()) return Fail(tokens.status());
  const absl::Time now = SystemClock().Wall();
  if (options.json) {
    std::cout << TokensJson(*tokens, now);
    return 0;
  }
  TextTable table(std::vector<TextTable::Align>(4, TextTable::Align::kLeft));
  table.Row({"client", "digest", "expires", "state"});
  for (const ClientToken& token : *tokens) {
    table.Row({token.client_id, ToHex(token.digest).substr(0, kShownDigits),
               FormatExpiry(token.expires), StateOf(token, now)});
  }
  std::cout << table.Text();
  return 0;
}

CLI::App& AddAction(CLI::App& command, const char* name, const char* help, Options& options) {
  CLI::App& action = *command.add_subcommand(name, help);
  action.add_option("--file", options.file, "File of the server's client tokens")
      ->required()
      ->type_name("FILE");
  return action;
}

void AddClient(CLI::App& action, Options& options) {
  action.add_option("--client", options.client, "Id of the client that the token is for")
      ->required()
      ->type_name("ID");
}

void AddDays(CLI::App& action, Options& options) {
  action.add_option("--days", options.days, "Days until the token expires (default: never)")
      ->check(CLI::Range(1e-6, kMostDays).description(""))
      ->type_name("N");
}

}  // namespace

std::function<int()> AddTokenCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("token", "Give clients tokens, list, renew and revoke them");
  command.footer(kFooter);
  command.require_subcommand(1);
  CLI::App& add = AddAction(command, "add", "Make a token for a client and print it", *options);
  AddClient(add, *options);
  AddDays(add, *options);
  AddAction(command, "list", "Show whose tokens there are, and until when they are good", *options)
      .add_flag("--json", options->json, "Print a JSON document");
  CLI::App& revoke = AddAction(command, "revoke", "Take back all tokens of a client", *options);
  AddClient(revoke, *options);
  CLI::App& rotate =
      AddAction(command, "rotate",
                "Make another token for a client; the old one stays good for a time", *options);
  AddClient(rotate, *options);
  AddDays(rotate, *options);
  rotate
      .add_option("--overlap", options->overlap_days,
                  "Days for which the old token stays good (default: 1)")
      ->check(CLI::Range(0.0, kMostDays).description(""))
      ->type_name("DAYS");
  return [options, &command] {
    if (command.got_subcommand("add")) return Add(*options);
    if (command.got_subcommand("list")) return List(*options);
    if (command.got_subcommand("revoke")) return Revoke(*options);
    return Rotate(*options);
  };
}

}  // namespace seedfed
