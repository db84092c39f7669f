#include "common/base/version.h"

namespace seedfed {

const char* Version() { return SEEDFED_VERSION; }

}  // namespace seedfed
