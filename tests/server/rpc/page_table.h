#ifndef SEEDFED_TESTS_SERVER_RPC_PAGE_TABLE_H_
#define SEEDFED_TESTS_SERVER_RPC_PAGE_TABLE_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace seedfed {

// Expects `table` between the two comments of the page in the file `path` that name `test`. With
// SEEDFED_REWRITE in the environment the table is written there instead.
inline void ExpectPageHasTable(const std::string& path, const std::string& test,
                               const std::string& table) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  std::string page = text.str();
  const std::string begin = "<!-- begin of what " + test + " checks -->\n";
  const size_t begins = page.find(begin);
  const size_t ends = page.find("<!-- end of what " + test + " checks -->\n");
  ASSERT_NE(begins, std::string::npos) << path;
  ASSERT_NE(ends, std::string::npos) << path;
  const size_t first = begins + begin.size();
  if (std::getenv("SEEDFED_REWRITE") != nullptr) {
    std::ofstream(path) << page.replace(first, ends - first, table);
    return;
  }
  EXPECT_EQ(page.substr(first, ends - first), table)
      << "If the new answers are meant, run this test with SEEDFED_REWRITE=1 in the environment.";
}

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_RPC_PAGE_TABLE_H_
