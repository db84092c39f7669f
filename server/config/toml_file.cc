#include "server/config/toml_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/status.h"
#include "common/terminal/printable.h"
#include "server/config/nearest.h"
#include "server/config/toml_text.h"

namespace seedfed {
namespace {

std::string At(const std::string& path, const toml::source_region& source) {
  return absl::StrCat(path, ":", source.begin.line);
}

std::string Name(const toml::key& key) { return Printable(std::string(key.str())); }

absl::string_view TypeName(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

std::vector<absl::string_view> TableNames() {
  std::vector<absl::string_view> names;
  for (const Setting& setting : AllSettings()) {
    if (names.empty() || names.back() != setting.table) names.push_back(setting.table);
  }
  return names;
}

std::vector<absl::string_view> KeyNames(absl::string_view table) {
  std::vector<absl::string_view> names;
  for (const Setting& setting : AllSettings()) {
    if (setting.table == table) names.push_back(setting.key);
  }
  return names;
}

const Setting* FindSetting(absl::string_view table, absl::string_view key) {
  for (const Setting& setting : AllSettings()) {
    if (setting.table == table && setting.key == key) return &setting;
  }
  return nullptr;
}

// The table that has this key, for one that stands in the wrong place; empty: none has.
std::string TableOf(absl::string_view key) {
  for (const Setting& setting : AllSettings()) {
    if (setting.key == key) return setting.table;
  }
  return "";
}

absl::Status UnknownTable(const std::string& at, const std::string& name, const toml::node& node) {
  if (!node.is_table()) {
    const std::string table = TableOf(name);
    return absl::InvalidArgumentError(absl::StrCat(
        at, ": '", name, "' is in no table; ",
        table.empty() ? absl::StrCat("expected the tables ", absl::StrJoin(TableNames(), ", "))
                      : absl::StrCat("it belongs in [", table, "]")));
  }
  const std::string nearest = NearestWord(name, TableNames());
  return absl::InvalidArgumentError(
      absl::StrCat(at, ": unknown table [", name, "]; ",
                   nearest.empty() ? absl::StrCat("expected ", absl::StrJoin(TableNames(), ", "))
                                   : absl::StrCat("did you mean [", nearest, "]?")));
}

absl::Status UnknownKey(const std::string& at, const std::string& table, const std::string& name) {
  const std::vector<absl::string_view> keys = KeyNames(table);
  const std::string nearest = NearestWord(name, keys);
  const std::string other = TableOf(name);
  std::string hint = absl::StrCat("expected ", absl::StrJoin(keys, ", "));
  if (!nearest.empty()) hint = absl::StrCat("did you mean '", nearest, "'?");
  if (!other.empty()) hint = absl::StrCat("it belongs in [", other, "]");
  return absl::InvalidArgumentError(
      absl::StrCat(at, ": unknown key '", name, "' in [", table, "]; ", hint));
}

absl::Status WrongType(const Setting& setting, const std::string& where, const toml::node& node) {
  return absl::InvalidArgumentError(
      absl::StrCat(where, " is ", TypeName(node), "; expected ", ExpectedValue(setting)));
}

absl::Status ReadNumbers(const Setting& setting, const std::string& where, const toml::node& node,
                         Settings& settings) {
  std::vector<double> values;
  const auto add = [&](const toml::node& number) {
    if (!number.is_integer() && (IsWhole(setting) || !number.is_floating_point())) return false;
    values.push_back(number.is_integer() ? static_cast<double>(**number.as_integer())
                                         : **number.as_floating_point());
    return true;
  };
  if (const toml::array* list = node.as_array(); list != nullptr && IsList(setting)) {
    for (const toml::node& element : *list) {
      if (!add(element)) return WrongType(setting, absl::StrCat(where, ": an element"), element);
    }
  } else if (!add(node)) {
    return WrongType(setting, where, node);
  }
  return Give(setting, values, where, settings);
}

absl::Status ReadValue(const Setting& setting, const std::string& where, const toml::node& node,
                       Settings& settings) {
  if (IsNumeric(setting)) return ReadNumbers(setting, where, node, settings);
  if (std::holds_alternative<Settings::Switch Settings::*>(setting.field)) {
    if (!node.is_boolean()) return WrongType(setting, where, node);
    return Give(setting, **node.as_boolean(), where, settings);
  }
  // A key may be written as the number that it is.
  if (setting.field == Setting::Field(&Settings::key) && node.is_integer()) {
    return Give(setting, absl::StrCat(**node.as_integer()), where, settings);
  }
  if (!node.is_string()) return WrongType(setting, where, node);
  return Give(setting, **node.as_string(), where, settings);
}

absl::Status ReadTable(const std::string& path, const std::string& name, const toml::table& table,
                       Settings& settings) {
  for (const auto& [key, node] : table) {
    const std::string at = At(path, key.source());
    const Setting* setting = FindSetting(name, Name(key));
    if (setting == nullptr) return UnknownKey(at, name, Name(key));
    SEEDFED_RETURN_IF_ERROR(
        ReadValue(*setting, absl::StrCat(at, ": ", name, ".", Name(key)), node, settings));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const auto refuse = [&path] {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the configuration file ", path, ": ", std::strerror(errno)));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  if (file == nullptr) return refuse();
  std::string text;
  char part[4096];
  while (const size_t size = std::fread(part, 1, sizeof(part), file.get())) text.append(part, size);
  if (std::ferror(file.get()) != 0) return refuse();
  return text;
}

}  // namespace

absl::Status ReadTomlFile(const std::string& path, Settings& settings) {
  SEEDFED_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  SEEDFED_ASSIGN_OR_RETURN(const toml::table root, ParseToml(path, text));
  for (const auto& [key, node] : root) {
    const std::string at = At(path, key.source());
    const std::vector<absl::string_view> tables = TableNames();
    if (std::find(tables.begin(), tables.end(), Name(key)) == tables.end()) {
      return UnknownTable(at, Name(key), node);
    }
    if (!node.is_table()) {
      return absl::InvalidArgumentError(absl::StrCat(at, ": ", Name(key), " is ", TypeName(node),
                                                     "; expected a table, [", Name(key), "]"));
    }
    SEEDFED_RETURN_IF_ERROR(ReadTable(path, Name(key), *node.as_table(), settings));
  }
  return absl::OkStatus();
}

}  // namespace seedfed
