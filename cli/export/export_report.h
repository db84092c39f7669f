#ifndef SEEDFED_CLI_EXPORT_EXPORT_REPORT_H_
#define SEEDFED_CLI_EXPORT_EXPORT_REPORT_H_

#include <string>

#include "cli/export/export.h"

namespace seedfed {

// What was written, in lines for people and as one JSON object.
std::string ExportText(const Exported& exported);
std::string ExportJson(const Exported& exported);

}  // namespace seedfed

#endif  // SEEDFED_CLI_EXPORT_EXPORT_REPORT_H_
