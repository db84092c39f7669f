#include "cli/backup_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "cli/store/backup.h"
#include "common/terminal/text.h"

namespace seedfed {
namespace {

constexpr int kFailed = 1;
constexpr int kBadInput = 2;

constexpr const char* kFooter =
    R"(Restore: start seedfed-server with --store on a folder that holds the back-up as seedfed.db.
  seedfed backup --store seedfed-store --to backup/
  seedfed verify --store backup
  seedfed-server --store backup ...

Exit status: 0 written, 1 no space left, 2 not possible (no store, or the file is there already).)";

struct Options {
  std::string store, to;
};

int Run(const Options& options) {
  const absl::StatusOr<Backup> backup = BackUpStore(options.store, options.to);
  if (!backup.ok()) {
    std::cerr << "seedfed: " << backup.status().message() << "\n";
    return absl::IsResourceExhausted(backup.status()) ? kFailed : kBadInput;
  }
  std::cout << "Wrote " << backup->file << ": " << WithSeparators(backup->rounds)
            << (backup->rounds == 1 ? " round, " : " rounds, ") << WithSeparators(backup->bytes)
            << " bytes.\n";
  return 0;
}

}  // namespace

std::function<int()> AddBackupCommand(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App& command =
      *app.add_subcommand("backup", "Copy a server's store while the server runs, or not");
  command.footer(kFooter);
  command.add_option("--store", options->store, "Folder of the store")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--to", options->to,
                  "New file, or a folder (made if it ends with /) that gets a seedfed.db")
      ->required()
      ->type_name("FILE|DIR");
  return [options] { return Run(*options); };
}

}  // namespace seedfed
