#ifndef SEEDFED_SERVER_CONFIG_SETTINGS_H_
#define SEEDFED_SERVER_CONFIG_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/config/server_config.h"

namespace seedfed {

// A value and where it was given, as sentences name it: "--quorum" or "server.toml:12:
// rounds.quorum".
template <typename T>
struct Given {
  T value{};
  std::string where;
};

// What was given, before defaults and the rules between settings.
struct Settings {
  using Text = std::optional<Given<std::string>>;
  using Switch = std::optional<Given<bool>>;
  using Whole = std::optional<Given<uint32_t>>;
  using Real = std::optional<Given<double>>;
  using Wholes = std::optional<Given<std::vector<uint32_t>>>;
  using Reals = std::optional<Given<std::vector<double>>>;

  Text listen, port_file, store, export_model, log_level, log_format;
  Text strategy;
  Real trim, norm_bound;
  Whole attackers;

  Switch exit_when_done;
  Real poll_seconds;

  Switch insecure;
  Text tls_certificate, tls_key, tls_client_ca;

  Text http_listen, http_port_file, admin_token_file;

  Text client_token_file;
  Real calls_per_second, address_calls_per_second, idle_seconds, stall_seconds;
  Whole connections, address_connections, client_connections, connection_calls, memory_mib,
      queue_mib;

  Text layers, codec, mode, key;
  Wholes tile;
  Whole phase_bits;
  Real gain;

  Whole rounds, clients, quorum, min_clients, example_cap;
  Real deadline_seconds;

  Reals learning_rate;
  Real learning_rate_decay, input_mean, input_stddev, participation;
  Whole batch, samples;

  Whole shards;
  Real alpha;

  Whole keep_update_rounds, snapshot_every;
};

// One setting: its names in the file and on the command line, and its values.
struct Setting {
  using Field = std::variant<Settings::Text Settings::*, Settings::Switch Settings::*,
                             Settings::Whole Settings::*, Settings::Real Settings::*,
                             Settings::Wholes Settings::*, Settings::Reals Settings::*>;

  const char* table;
  const char* key;
  const char* flag;           // without the dashes
  const char* value_name;     // in the help text
  const char* help;           // with the default if it follows from other settings
  const char* default_value;  // as on the command line; null: see help
  Field field;
  double low = 0, high = 0;  // of a number, both inclusive
};

// All settings, table by table.
std::span<const Setting> AllSettings();

// Sets a setting to a value of its own kind. InvalidArgument when a number is out of range.
absl::Status Give(const Setting& setting, std::string value, const std::string& where,
                  Settings& settings);
absl::Status Give(const Setting& setting, bool value, const std::string& where, Settings& settings);
absl::Status Give(const Setting& setting, std::span<const double> values, const std::string& where,
                  Settings& settings);

// Sets a setting from the text of a flag. InvalidArgument when the text is not a value of the
// setting's kind.
absl::Status GiveText(const Setting& setting, const std::string& text, const std::string& where,
                      Settings& settings);

// "a whole number from 1 to 8", "text", ...
std::string ExpectedValue(const Setting& setting);

// Whether the setting takes a number or numbers, whole or not.
bool IsNumeric(const Setting& setting);
bool IsWhole(const Setting& setting);
bool IsList(const Setting& setting);

// Fills in defaults and checks the rules between settings.
absl::StatusOr<ServerConfig> ResolveSettings(const Settings& settings);

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CONFIG_SETTINGS_H_
