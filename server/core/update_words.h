#ifndef SEEDFED_SERVER_CORE_UPDATE_WORDS_H_
#define SEEDFED_SERVER_CORE_UPDATE_WORDS_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "common/base/checksum.h"
#include "common/base/hash.h"

namespace seedfed {

// The words of one update with their checksum (Checksum128), which is made once, where they arrive.
// Never change; copies share the bytes. Thread-safe as a shared_ptr is.
class UpdateWords {
 public:
  UpdateWords() : UpdateWords(std::string()) {}
  UpdateWords(std::string bytes)  // NOLINT(google-explicit-constructor): an update's bytes are that
      : content_(std::make_shared<const Content>(std::move(bytes))) {}

  const std::string& bytes() const { return content_->bytes; }
  const Digest128& checksum() const { return content_->checksum; }
  operator absl::string_view() const { return bytes(); }  // NOLINT(google-explicit-constructor)

  friend bool operator==(const UpdateWords& a, const UpdateWords& b) {
    return a.bytes() == b.bytes();
  }

 private:
  struct Content {
    explicit Content(std::string moved) : bytes(std::move(moved)), checksum(Checksum128(bytes)) {}
    const std::string bytes;
    const Digest128 checksum;
  };

  std::shared_ptr<const Content> content_;
};

}  // namespace seedfed

#endif  // SEEDFED_SERVER_CORE_UPDATE_WORDS_H_
