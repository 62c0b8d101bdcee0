// What every duty of the engine is handed: the world as interfaces, and the limits.
#pragma once

#include <string>

#include "base/log/logger.h"
#include "core/access/secret.h"
#include "core/catalog/catalog.h"
#include "edge/blob/blob.h"
#include "edge/http/outbound.h"
#include "edge/platform/clock.h"
#include "edge/platform/timer.h"
#include "edge/store/store.h"
#include "server/engine/media.h"
#include "server/engine/providers.h"
#include "server/engine/renderer.h"

namespace rushes::engine {

struct Options {
  NodeId node{"local"};          // stable over restarts: its own leases are taken back at start
  std::string work_directory;    // one sub-folder a try; emptied at start
  int children_max = 1;          // renders at once
  int threads_per_child = 0;     // 0: one per core
  double scale = 1;              // of the pixel size
  int attempts_max = 3;          // failures of the renderer or a provider before a task fails
  Millis lease{30'000};          // without a heartbeat
  Millis tick{500};              // progress, deadlines and cancels are looked at this often
  Millis claim_interval{5'000};  // fallback; a create wakes the claim if there is room
  Millis retry_delay{2'000};     // after the first failure; doubled with each
  Millis seconds_per_frame{30'000};
  Millis start_allowance{60'000};  // of a render, on top of its frames
  Millis retention{30ll * 86'400'000};
  Millis clean_interval{3'600'000};
  // What is asked of others when the server stops may end within that time: a create that is cut
  // off is a doubt, and a callback comes twice.
  Millis stop_grace{3'000};

  // Remote providers.
  Millis horizon{86'400'000};     // from a task's creation; then it fails, after one more question
  std::string callback_base_url;  // where providers reach this server; empty: they are polled only
  std::string handle_prefix;  // of our ids at the provider, where installations share an account
  Millis download_timeout{1'800'000};
  Millis download_stall{60'000};
  uint64_t download_bytes_max = 2ull << 30;
  int download_tries_max = 10;

  // Callbacks: those of other processes are looked for this often; our own wake the sender.
  Millis deliver_check_interval{1'000};
};

// All of it outlives the engine; `store` and `blobs` are called from its thread.
struct Services {
  store::Store& store;
  blob::BlobStore& blobs;
  const catalog::Catalog& catalog;
  const Providers& providers;
  const access::ServerSecret& secret;
  Renderer& renderer;
  http::Outbound& network;
  MediaTool& media;
  const Clock& clock;
  Entropy& entropy;
  Timers& timers;
  log::Logger& logger;
};

}  // namespace rushes::engine
