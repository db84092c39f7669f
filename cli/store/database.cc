#include "cli/store/database.h"

#include <filesystem>

#include "absl/strings/str_cat.h"

namespace seedfed {

absl::StatusOr<std::string> FindDatabase(const std::string& store) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(store, ignored)) return store;
  if (!std::filesystem::is_directory(store, ignored)) {
    return absl::NotFoundError(
        absl::StrCat("there is no store ", store, "; expected a store's folder or its database"));
  }
  std::string database = (std::filesystem::path(store) / "seedfed.db").string();
  if (std::filesystem::is_regular_file(database, ignored)) return database;
  return absl::NotFoundError(
      absl::StrCat("the folder ", store, " has no seedfed.db: it is not a store"));
}

}  // namespace seedfed
