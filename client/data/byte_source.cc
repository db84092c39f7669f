#include "client/data/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status.h"

namespace seedfed {
namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(std::string name, int descriptor)
      : ByteSource(std::move(name)), descriptor_(descriptor) {}
  ~FileSource() override { close(descriptor_); }

  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override {
    size_t filled = 0;
    while (filled < out.size()) {
      const ssize_t got = read(descriptor_, out.data() + filled, out.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", name()));
      if (got == 0) break;
      filled += static_cast<size_t>(got);
    }
    return filled;
  }

 private:
  int descriptor_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string name, std::span<const uint8_t> bytes)
      : ByteSource(std::move(name)), rest_(bytes) {}

  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override {
    const size_t count = std::min(out.size(), rest_.size());
    std::copy_n(rest_.begin(), count, out.begin());
    rest_ = rest_.subspan(count);
    return count;
  }

 private:
  std::span<const uint8_t> rest_;
};

constexpr size_t kBufferBytes = size_t{256} << 10;
constexpr uint8_t kGzipMagic[2] = {0x1f, 0x8b};

// Passes plain bytes through and decompresses gzip.
class DecodingSource final : public ByteSource {
 public:
  explicit DecodingSource(std::unique_ptr<ByteSource> raw)
      : ByteSource(raw->name()), raw_(std::move(raw)), buffer_(kBufferBytes) {}
  ~DecodingSource() override {
    if (gzip_) inflateEnd(&stream_);
  }

  absl::Status Start() {
    SEEDFED_RETURN_IF_ERROR(Refill());
    if (pending_.size() < 2 || !std::equal(kGzipMagic, kGzipMagic + 2, pending_.begin())) {
      return absl::OkStatus();
    }
    constexpr int kGzipWindow = 15 + 16;  // zlib's notation for a 32 KiB window and gzip framing
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) {
      return absl::ResourceExhaustedError(absl::StrCat("not enough memory to decompress ", name()));
    }
    gzip_ = true;
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Read(std::span<uint8_t> out) override {
    return gzip_ ? ReadGzip(out) : ReadPlain(out);
  }

 private:
  absl::Status Refill() {
    SEEDFED_ASSIGN_OR_RETURN(size_t got, raw_->Read(buffer_));
    pending_ = std::span<const uint8_t>(buffer_).first(got);
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> ReadPlain(std::span<uint8_t> out) {
    const size_t buffered = std::min(out.size(), pending_.size());
    std::copy_n(pending_.begin(), buffered, out.begin());
    pending_ = pending_.subspan(buffered);
    if (buffered == out.size()) return buffered;
    SEEDFED_ASSIGN_OR_RETURN(size_t direct, raw_->Read(out.subspan(buffered)));
    return buffered + direct;
  }

  absl::StatusOr<size_t> ReadGzip(std::span<uint8_t> out) {
    size_t filled = 0;
    while (filled < out.size()) {
      if (pending_.empty()) {
        SEEDFED_RETURN_IF_ERROR(Refill());
        if (pending_.empty()) {
          if (between_members_) break;
          return absl::InvalidArgumentError(
              absl::StrCat(name(), " is truncated: its gzip data end early"));
        }
      }
      if (between_members_) {
        if (pending_[0] != kGzipMagic[0]) {
          return absl::InvalidArgumentError(
              absl::StrCat(name(), " has bytes that are not gzip after its gzip data"));
        }
        inflateReset(&stream_);
        between_members_ = false;
      }
      SEEDFED_ASSIGN_OR_RETURN(size_t got, Inflate(out.subspan(filled)));
      filled += got;
    }
    return filled;
  }

  absl::StatusOr<size_t> Inflate(std::span<uint8_t> out) {
    constexpr size_t kMaxStep = size_t{1} << 30;  // zlib counts in 32 bits
    const size_t room = std::min(out.size(), kMaxStep);
    stream_.next_in = const_cast<Bytef*>(pending_.data());
    stream_.avail_in = static_cast<uInt>(pending_.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(room);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    pending_ = pending_.last(stream_.avail_in);
    if (result == Z_MEM_ERROR) {
      return absl::ResourceExhaustedError(absl::StrCat("not enough memory to decompress ", name()));
    }
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      return absl::InvalidArgumentError(
          absl::StrCat(name(), " is damaged: its gzip data cannot be decompressed (",
                       stream_.msg != nullptr ? stream_.msg : "invalid stream", ")"));
    }
    between_members_ = result == Z_STREAM_END;
    return room - stream_.avail_out;
  }

  std::unique_ptr<ByteSource> raw_;
  std::vector<uint8_t> buffer_;
  std::span<const uint8_t> pending_;  // the part of buffer_ not yet consumed
  bool gzip_ = false;
  bool between_members_ = false;
  z_stream stream_ = {};
};

absl::StatusOr<std::unique_ptr<ByteSource>> Decode(std::unique_ptr<ByteSource> raw) {
  auto decoding = std::make_unique<DecodingSource>(std::move(raw));
  SEEDFED_RETURN_IF_ERROR(decoding->Start());
  return decoding;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) return absl::NotFoundError(absl::StrCat(path, " does not exist"));
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  auto file = std::make_unique<FileSource>(path, descriptor);
  struct stat info = {};
  if (fstat(descriptor, &info) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot examine ", path));
  }
  if (S_ISDIR(info.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is a directory, expected a file"));
  }
  return Decode(std::move(file));
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenMemory(std::string name,
                                                       std::span<const uint8_t> bytes) {
  return Decode(std::make_unique<MemorySource>(std::move(name), bytes));
}

}  // namespace seedfed
