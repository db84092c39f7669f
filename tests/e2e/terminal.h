#ifndef SEEDFED_TESTS_E2E_TERMINAL_H_
#define SEEDFED_TESTS_E2E_TERMINAL_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace seedfed {

// One of the project's programs on a terminal of its own (a pseudo-terminal). Killed when this
// object goes away.
class TerminalProcess {
 public:
  // `variables` are added to the environment of the program.
  TerminalProcess(const std::string& program, const std::vector<std::string>& arguments,
                  uint16_t columns, const std::map<std::string, std::string>& variables);
  ~TerminalProcess();
  TerminalProcess(const TerminalProcess&) = delete;
  TerminalProcess& operator=(const TerminalProcess&) = delete;

  void Type(const std::string& text);
  void Resize(uint16_t columns);
  void Signal(int signal);

  // Reads until the output since the last call contains `text`; false after `seconds` or at the
  // program's end without it.
  bool WaitFor(const std::string& text, double seconds = 60);

  // Reads to the end. The exit code, or 128 + the signal that ended it.
  int Wait(double seconds = 60);

  // All that was written so far.
  const std::string& output() const { return output_; }

 private:
  bool Read(double seconds);

  pid_t pid_ = 0;
  int terminal_ = -1;
  std::string output_;
  size_t seen_ = 0;
};

// What a terminal shows after `output`: its lines, without colours. Knows carriage return, line
// feed, "erase to the end of the line" and colours; anything else that begins with ESC is kept as
// it is.
std::vector<std::string> ShownLines(const std::string& output);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_E2E_TERMINAL_H_
