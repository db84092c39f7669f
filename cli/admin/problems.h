#ifndef SEEDFED_CLI_ADMIN_PROBLEMS_H_
#define SEEDFED_CLI_ADMIN_PROBLEMS_H_

#include <string>
#include <vector>

#include "seedfed/v1/admin.pb.h"

namespace seedfed {

// What keeps the federation from learning as it should, each with what to do about it, the gravest
// first; empty when all is well. Pure.
std::vector<std::string> Problems(const v1::Status& status);

}  // namespace seedfed

#endif  // SEEDFED_CLI_ADMIN_PROBLEMS_H_
