#ifndef SEEDFED_CLIENT_DRIVER_DRIVER_H_
#define SEEDFED_CLIENT_DRIVER_DRIVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/notification.h"
#include "client/config/options.h"
#include "client/core/session.h"
#include "client/core/trainer.h"
#include "client/data/dataset.h"
#include "client/driver/client_log.h"
#include "client/driver/report.h"
#include "client/progress/progress_line.h"
#include "client/rpc/federation_client.h"
#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/tls/channel_credentials.h"

namespace seedfed {

// Carries out what the session asks for: calls, training, waiting, reporting. Run on one thread;
// Stop may come from any.
class ClientDriver {
 public:
  using ShowProgress = std::function<void(const ClientProgress&)>;

  // `credentials` are those of `options.tls`, and `data` is what LoadData gave for `options`.
  // `clock` and `random` must outlive this. `software` is for the server's log. `show`, if not
  // null, hears of every change of the progress, on Run's thread.
  ClientDriver(ClientOptions options, ChannelCredentials credentials, std::string software,
               Dataset data, std::optional<LineFile> report, const Clock& clock,
               RandomSource& random, ShowProgress show = nullptr);

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
  SessionEvent Do(const action::ConfirmEnd& confirm);
  SessionEvent Do(const action::Finish& finish);

  absl::Status PrepareTrainer();
  SessionEvent Failed(absl::Status status);

  // Shows the progress with another activity.
  void Show(Activity activity);

  const ClientOptions options_;
  const Clock& clock_;
  std::optional<Dataset> data_;  // loaded and not yet used
  std::optional<LineFile> report_;
  Session session_;
  FederationClient client_;
  std::unique_ptr<Trainer> trainer_;
  ClientLog log_;
  const ShowProgress show_;
  ClientProgress progress_;
  bool failed_ = false;           // the last call
  bool paused_ = false;           // the federation waits for more clients
  absl::Duration training_time_;  // of Session::update()
  absl::Notification stop_;
};

}  // namespace seedfed

#endif  // SEEDFED_CLIENT_DRIVER_DRIVER_H_
