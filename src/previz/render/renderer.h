// Renderer: frames of one staged shot. Owned and called by one thread; works on `threads` threads.
//
// A frame depends on the shot, the size, the number of samples and the frame's number only: the
// same bits for every vector target, number of threads and order of calls.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "previz/render/picture.h"
#include "previz/render/scene.h"
#include "previz/render/threads.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

struct RenderOptions {
  int width = 1280, height = 720;  // of the finished picture, 16..4096
  int samples = 2;                 // 1..16 per pixel; spread over half a frame's time
  int threads = 1;                 // 1..64
  float internal_scale = 1;        // 0.25..1: render smaller, then enlarge and sharpen
  int64_t targets = 0;             // mask of Highway targets to choose from; 0 is all (for tests)
};

class Renderer {
 public:
  // Bakes what the shot needs (terrain, cards), a fraction of a second. kInvalidInput for options
  // out of bounds or a shot without frames.
  static Result<std::unique_ptr<Renderer>> create(const Shot& shot, const RenderOptions& options);
  ~Renderer();

  // `frame` counts within the shot, 0 .. frame_count - 1.
  void render(int frame, Picture& out);

 private:
  Renderer(const Shot& shot, const RenderOptions& options);
  bool actors_cross() const;
  Moment moment(int frame, float offset, int sample) const;
  FramePlan plan(int frame) const;

  const Shot shot_;
  const RenderOptions options_;
  const Light light_;
  ThreadPool pool_;
  Planes planes_;
  Picture small_;  // before enlarging
  const bool actors_cross_;
  std::unique_ptr<Scene> scene_;
};

// Names of the vector targets this build has and this machine can run, best first, with their mask.
struct RenderTarget {
  std::string name;
  int64_t mask = 0;
};
std::vector<RenderTarget> render_targets();

}  // namespace rushes::previz
