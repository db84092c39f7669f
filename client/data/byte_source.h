#ifndef SEEDFED_CLIENT_DATA_BYTE_SOURCE_H_
#define SEEDFED_CLIENT_DATA_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace seedfed {

// A stream of untrusted bytes with a name for error sentences. Not thread safe: one reader.
class ByteSource {
 public:
  explicit ByteSource(std::string name) : name_(std::move(name)) {}
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Fills `out` and returns its size; returns less only at the end of the stream (0 from then on).
  // After an error the stream must not be read again.
  virtual absl::StatusOr<size_t> Read(std::span<uint8_t> out) = 0;

  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

// The contents of a file, or of a gzip file (RFC 1952, any number of members) decompressed; which
// of the two is decided by the first two bytes. Fails with NotFound when the file does not exist
// and InvalidArgument when it is a directory. Reading fails with InvalidArgument when gzip data are
// damaged, end early or are followed by other bytes; the checksum of a member is verified by the
// read that returns its end, so a reader that wants certainty reads until 0.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);

// The same, decompression included, for bytes that stay alive and unchanged while they are read.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenMemory(std::string name,
                                                       std::span<const uint8_t> bytes);

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DATA_BYTE_SOURCE_H_
