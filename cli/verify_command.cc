#include "cli/verify_command.h"

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/store/database.h"
#include "cli/store/verify.h"
#include "common/base/clock.h"
#include "common/terminal/text.h"
#include "server/store/sqlite_open.h"

namespace seedfed {
namespace {

using nlohmann::ordered_json;

constexpr int kNotValid = 1;
constexpr int kCannotRead = 2;

constexpr const char* kFooter =
    R"(Makes the model from the store's key, applies the words of every round, and compares each fingerprint and
checksum, the stored model, the members and the open round's updates. A server may run on the store meanwhile.

Exit status: 0 valid, 1 not valid, 2 cannot be read.)";

struct Options {
  std::string store;
  bool json = false;
};

int Refuse(const Options& options, const absl::Status& status, int code) {
  const std::string sentence(status.message());
  std::cerr << "seedfed: " << sentence << "\n";
  if (options.json) {
    std::cout << ordered_json{{"valid", false}, {"error", sentence}}.dump(
                     -1, ' ', false, ordered_json::error_handler_t::replace)
              << "\n";
  }
  return code;
}

void Print(const Options& options, const VerifiedStore& verified, absl::Duration time) {
  if (!options.json) {
    std::cout << absl::StrFormat("Valid: %s %s, fingerprint %s, %.2f s.\n",
                                 WithSeparators(verified.rounds),
                                 verified.rounds == 1 ? "round" : "rounds",
                                 ToHex(verified.fingerprint), absl::ToDoubleSeconds(time));
    return;
  }
  ordered_json document = {{"valid", true},
                           {"federation_id", ToHex(verified.federation_id)},
                           {"rounds", verified.rounds},
                           {"fingerprint", ToHex(verified.fingerprint)},
                           {"base_checksum", ToHex(verified.base_checksum)},
                           {"snapshot_round", nullptr},
                           {"members", verified.members},
                           {"open_updates", verified.open_updates},
                           {"seconds", absl::ToDoubleSeconds(time)}};
  if (verified.snapshot_round) document["snapshot_round"] = *verified.snapshot_round;
  std::cout << document.dump() << "\n";
}

int Run(const Options& options) {
  const absl::Duration start = SystemClock().Monotonic();
  const absl::StatusOr<std::string> database = FindDatabase(options.store);
  if (!database.ok()) return Refuse(options, database.status(), kCannotRead);
  absl::StatusOr<std::unique_ptr<SqliteConnection>> connection =
      OpenStoreDatabaseForReading(*database);
  if (!connection.ok()) return Refuse(options, connection.status(), kCannotRead);
  const absl::StatusOr<VerifiedStore> verified = VerifyStore(*std::move(connection));
  if (!verified.ok()) {
    return Refuse(options, verified.status(),
                  absl::IsDataLoss(verified.status()) ? kNotValid : kCannotRead);
  }
  Print(options, *verified, SystemClock().Monotonic() - start);
  return 0;
}

}  // namespace

std::function<int()> AddVerifyCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("verify", "Replay a store's whole history and check every fingerprint");
  command.footer(kFooter);
  command.add_option("--store", options->store, "Folder of the store, or a back-up's file")
      ->required()
      ->type_name("DIR");
  command.add_flag("--json", options->json, "Print a JSON object");
  return [options] { return Run(*options); };
}

}  // namespace seedfed
