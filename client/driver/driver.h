#ifndef SEEDFED_CLIENT_DRIVER_DRIVER_H_
#define SEEDFED_CLIENT_DRIVER_DRIVER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/notification.h"
#include "client/config/options.h"
#include "client/core/session.h"
#include "client/core/trainer.h"
#include "client/data/dataset.h"
#include "client/driver/report.h"
#include "client/rpc/federation_client.h"
#include "common/base/clock.h"
#include "common/base/random.h"

namespace seedfed {

// Carries out what the session asks for: calls, training, waiting, reporting. Run on one thread;
// Stop may come from any.
class ClientDriver {
 public:
  // `data` is what LoadData gave for `options`. `clock` and `random` must outlive this. `software`
  // is for the server's log.
  ClientDriver(ClientOptions options, std::string software, Dataset data,
               std::optional<LineFile> report, const Clock& clock, RandomSource& random);

  // Until the federation is finished, something fails or Stop is called. The process's exit status.
  int Run();

  // Ends Run with status 0 in well under a second, whatever it is doing. To be called once.
  void Stop();

 private:
  SessionEvent Do(const action::Join& join);
  SessionEvent Do(const action::Prepare& prepare);
  SessionEvent Do(const action::Await& await);
  SessionEvent Do(const action::Train& train);
  SessionEvent Do(const action::Submit& submit);
  SessionEvent Do(const action::FetchSnapshot& fetch);
  SessionEvent Do(const action::Sleep& sleep);
  SessionEvent Do(const action::Evaluate& evaluate);
  SessionEvent Do(const action::Report& report);
  SessionEvent Do(const action::Finish& finish);

  absl::Status PrepareTrainer();
  SessionEvent Failed(absl::Status status) const;

  const ClientOptions options_;
  const Clock& clock_;
  std::optional<Dataset> data_;  // loaded and not yet used
  std::optional<LineFile> report_;
  Session session_;
  FederationClient client_;
  std::unique_ptr<Trainer> trainer_;
  absl::Duration training_time_;  // of Session::update()
  absl::Notification stop_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DRIVER_DRIVER_H_
