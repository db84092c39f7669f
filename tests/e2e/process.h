#ifndef SEEDFED_TESTS_E2E_PROCESS_H_
#define SEEDFED_TESTS_E2E_PROCESS_H_

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace seedfed {

// A fresh folder that goes away with this object.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string ReadText(const std::filesystem::path& file);
void WriteText(const std::filesystem::path& file, const std::string& text);

// A program, run with its output going to a file. Killed when this object goes away.
class Process {
 public:
  static constexpr int kStillRunning = -1;

  // `program` is seedfed, seedfed-server or seedfed-client, or the path of another program.
  Process(const std::string& program, const std::vector<std::string>& arguments,
          std::filesystem::path output);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  void Signal(int signal);

  pid_t pid() const { return pid_; }

  // The exit code, 128 + the signal that ended it, or kStillRunning after `seconds`.
  int Wait(double seconds = 60);

  // Waits until the output contains `text`; false after `seconds` or when the process has ended
  // without it.
  bool WaitForOutput(const std::string& text, double seconds = 60);

  std::string Output() const { return ReadText(output_); }

 private:
  int Poll();

  std::filesystem::path output_;
  pid_t pid_ = 0;
  int exit_code_ = kStillRunning;
};

}  // namespace seedfed

#endif  // SEEDFED_TESTS_E2E_PROCESS_H_
