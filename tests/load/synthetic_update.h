#ifndef SEEDFED_TESTS_LOAD_SYNTHETIC_UPDATE_H_
#define SEEDFED_TESTS_LOAD_SYNTHETIC_UPDATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "seedfed/v1/federation.pb.h"

namespace seedfed {

// What every client of the tests says when it joins as a trainer.
v1::JoinRequest TrainerJoin(const std::string& id);

// An update that nobody trained and that the server which answered `joined` takes. Its words depend
// on `seed`, `round` and the federation only.
absl::StatusOr<v1::SubmitUpdateRequest> SyntheticUpdate(const v1::JoinResponse& joined,
                                                        uint32_t seed, uint32_t round);

}  // namespace seedfed

#endif  // SEEDFED_TESTS_LOAD_SYNTHETIC_UPDATE_H_
