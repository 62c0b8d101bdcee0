// Renders as child processes: `program render --job FILE --out DIR`. Any program that speaks the
// same job contract (previz/job.h) will do.
#pragma once

#include "server/engine/renderer.h"

namespace rushes::engine {

struct ProcessRendererOptions {
  std::string program;                   // path; called with: render --job FILE --out DIR
  std::vector<std::string> environment;  // NAME=value
  int nice = 10;                         // below the server, so that requests are answered first
  uint64_t memory_bytes_max = 0;         // of one child; 0: no limit
};

class ProcessRenderer final : public Renderer {
 public:
  explicit ProcessRenderer(ProcessRendererOptions options) : options_(std::move(options)) {}
  Result<std::unique_ptr<Rendering>> start(RenderRequest request, Executor executor,
                                           std::function<void(int)> on_progress) override;

 private:
  ProcessRendererOptions options_;
};

}  // namespace rushes::engine
