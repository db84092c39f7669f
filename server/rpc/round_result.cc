#include "server/rpc/round_result.h"

#include "common/base/hash.h"

namespace seedfed {

v1::RoundResult ToProto(const RoundRecord& record, bool with_stats) {
  v1::RoundResult result;
  result.set_round(record.round);
  result.set_words(record.words);
  result.set_fingerprint(ToBytes(record.fingerprint));
  result.set_base_checksum(ToBytes(record.base_checksum));
  if (!with_stats) return result;
  v1::RoundStats& stats = *result.mutable_stats();
  stats.set_updates(record.updates);
  stats.set_examples(record.examples);
  stats.set_training_loss(record.training_loss);
  stats.set_bytes_up(record.bytes_up);
  stats.set_duration_ms(record.duration_ms);
  return result;
}

}  // namespace seedfed
