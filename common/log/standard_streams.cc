#include "common/log/standard_streams.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace seedfed {

void SecureStandardStreams() {
  signal(SIGPIPE, SIG_IGN);
  // open gives the lowest free number.
  int fd = 0;
  do {
    fd = open("/dev/null", O_RDWR);
  } while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

}  // namespace seedfed
