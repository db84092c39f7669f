#include "tests/common/tls/example_certificates.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "absl/strings/str_cat.h"

namespace seedfed {
ExampleCertificates::ExampleCertificates(const std::string& date) {
  std::string path = testing::TempDir() + "seedfed-certificates-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) ADD_FAILURE() << "cannot make a folder at " << path;
  folder_ = path;
  // A clock that stands still: the times in the certificates do not depend on how long this takes.
  Run(absl::StrCat(date.empty() ? "" : absl::StrCat("faketime -f '", date, " 00:00:00' "), Script(),
                   " . --clients 2"));
}

ExampleCertificates::~ExampleCertificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void ExampleCertificates::Renew() const { Run(Script() + " . --renew"); }

std::string ExampleCertificates::Script() { return "bash " SEEDFED_DEV_CERTS; }

void ExampleCertificates::Run(const std::string& command) const {
  const std::string line =
      absl::StrCat("cd ", folder_.string(), " && { ", command, "; } >/dev/null 2>said");
  ASSERT_EQ(system(line.c_str()), 0) << command;
}

}  // namespace seedfed
