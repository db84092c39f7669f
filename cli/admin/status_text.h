#ifndef SEEDFED_CLI_ADMIN_STATUS_TEXT_H_
#define SEEDFED_CLI_ADMIN_STATUS_TEXT_H_

#include <cstddef>
#include <string>

#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// The status of the server at `server` (HOST:PORT) for one screen: does it learn, who takes part,
// what does it cost, what is wrong. Lines are at most `width` long where words allow. Pure.
std::string StatusText(const v1::Status& status, const std::string& server, size_t width);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_STATUS_TEXT_H_
