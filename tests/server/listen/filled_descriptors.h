#ifndef SEEDFED_TESTS_SERVER_LISTEN_FILLED_DESCRIPTORS_H_
#define SEEDFED_TESTS_SERVER_LISTEN_FILLED_DESCRIPTORS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <vector>

namespace seedfed {

// While it lives the process has no descriptors left, or as few as `spare`.
class FilledDescriptors {
 public:
  explicit FilledDescriptors(size_t spare = 0) {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit few = before_;
    few.rlim_cur = 256;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (int descriptor = 0; (descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) {
      filled_.push_back(descriptor);
    }
    for (; spare > 0 && !filled_.empty(); --spare) {
      close(filled_.back());
      filled_.pop_back();
    }
  }
  ~FilledDescriptors() {
    for (const int descriptor : filled_) close(descriptor);
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0);
  }
  FilledDescriptors(const FilledDescriptors&) = delete;
  FilledDescriptors& operator=(const FilledDescriptors&) = delete;

 private:
  rlimit before_{};
  std::vector<int> filled_;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_SERVER_LISTEN_FILLED_DESCRIPTORS_H_
