#ifndef SEEDFED_CLI_ADMIN_CLIENTS_TEXT_H_
#define SEEDFED_CLI_ADMIN_CLIENTS_TEXT_H_

#include <cstddef>
#include <string>

#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// Members as a table. In a `width` that is too small for it, first the software is left out, then
// the numbers that matter less, and at last ids are cut. Pure.
std::string ClientsText(const v1::ListClientsResponse& response, size_t width);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_CLIENTS_TEXT_H_
