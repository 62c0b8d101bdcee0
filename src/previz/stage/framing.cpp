#include "previz/stage/framing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/check.h"
#include "previz/stage/blocking.h"
#include "previz/stage/camera_words.h"
#include "previz/stage/shot_sizes.h"

namespace rushes::previz {
namespace {

constexpr Point kUp{0, 1, 0};
constexpr float kLensMax = 0.95f;   // tan of half the vertical field of view: 87 degrees
constexpr float kLensMin = 0.22f;   // 25 degrees
constexpr float kFarthest = 14.5f;  // metres: behind that the sets have trees and waves
constexpr float kInnerShare = kSafeShare - 0.01f;
constexpr float kMovedShare = 0.97f;  // of the frame while a requested move is on its way
constexpr int kProgressSteps = 20;

struct View {
  Point forward, right, up;
  float lens = 0.48f;
};

View view_of(float azimuth, float pitch_down, float lens) {
  View view;
  const float level = exact::cos(pitch_down);
  view.forward = {exact::sin(azimuth) * level, -exact::sin(pitch_down),
                  exact::cos(azimuth) * level};
  view.right = normalize(cross(kUp, view.forward));
  view.up = cross(view.forward, view.right);
  view.lens = lens;
  return view;
}

// How far the points reach beyond a plane through the camera's place that bounds the frame on the
// `outward` side: max over p of p.outward - slope * p.forward.
float reach(const std::vector<Point>& points, Point outward, Point forward, float slope) {
  float most = -1e30f;
  for (const Point& p : points) most = std::max(most, dot(p, outward) - slope * dot(p, forward));
  return most;
}

// Bounds of the subjects over the whole shot, as seen by a camera that goes along.
struct Focus {
  std::vector<Point> points;
  Point centre;
};

struct Fit {
  Point position;
  float distance = 1;  // of the focus, along the view
};

// The nearest place of a camera that looks along `view` and has the points within the window: an
// exact solution, since for a fixed direction each side of the frame bounds the place linearly.
// `factor` steps back from there; (x, y) is where in the frame the centre should be, and is where
// the safe area leaves room for it.
Fit fit(const Focus& focus, const View& view, float aspect, Window window, float factor, float x,
        float y) {
  const Point forward = view.forward;
  const auto axis = [&](Point outward, float slope, float share) {
    const float tight = slope * share;
    return -(reach(focus.points, outward, forward, tight) +
             reach(focus.points, -outward, forward, tight)) /
           (2 * tight);
  };
  const float across = view.lens * aspect, upwards = view.lens;
  const float along = std::min(axis(view.right, across, window.width_share),
                               axis(view.up, upwards, window.height_share));
  const float centre_depth = dot(focus.centre, forward);
  Fit result;
  result.distance = (centre_depth - along) * factor;
  const float depth = centre_depth - result.distance;
  const auto place = [&](Point outward, float slope, float wanted) {
    const float safe = slope * kInnerShare;
    const float low = reach(focus.points, outward, forward, safe) + safe * depth;
    const float high = -reach(focus.points, -outward, forward, safe) - safe * depth;
    const float ideal = dot(focus.centre, outward) - wanted * slope * result.distance;
    return low <= high ? exact::clamp(ideal, low, high) : 0.5f * (low + high);
  };
  result.position = view.right * place(view.right, across, x) +
                    view.up * place(view.up, upwards, y) + forward * depth;
  return result;
}

// One start that the solver tries: how much it differs from the ideal one.
struct Candidate {
  float distance = 1, lens = 1;  // factors
  float pitch = 0;               // radians further from above
  float counter = 0;             // share of the move's drift that is taken up in advance
  float cost() const { return (distance - 1) + 1.3f * (lens - 1) + 2.5f * pitch + 0.3f * counter; }
};

// From the least to the most intrusive.
std::vector<Candidate> candidates() {
  std::vector<Candidate> all;
  for (const float pitch : {0.0f, 0.1f, 0.2f, 0.35f, 0.55f}) {
    for (const float lens : {1.0f, 1.2f, 1.5f, 1.9f}) {
      for (const float distance :
           {1.0f, 1.15f, 1.35f, 1.6f, 1.9f, 2.3f, 2.8f, 3.5f, 4.5f, 6.0f, 8.0f}) {
        for (const float counter : {0.0f, 0.5f, 0.75f, 1.0f}) {
          all.push_back({distance, lens, pitch, counter});
        }
      }
    }
  }
  std::ranges::stable_sort(all, {}, &Candidate::cost);
  return all;
}

struct Seen {
  float x = 0, y = 0, depth = 0;  // x and y: -1..1 across the frame
};

Seen see(const Camera& camera, float aspect, Point point) {
  const Point d = point - camera.position;
  const float depth = dot(d, camera.forward);
  const float scale = 1.0f / (std::max(depth, 1e-3f) * camera.tan_half_fov);
  return {dot(d, camera.right) * scale / aspect, dot(d, camera.up) * scale, depth};
}

class Solver {
 public:
  Solver(const std::vector<Actor>& actors, const FramingOptions& options)
      : actors_(actors),
        options_(options),
        main_(*std::ranges::find_if(actors, &Actor::is_main)),
        ideal_(ideal_shot(options, main_, main_count() > 1)) {
    if (follows_subject(main_, options)) velocity_ = main_.velocity * options.speed;
    for (int step = 0; step <= kProgressSteps; ++step) {
      moments_.push_back(focus_points(actors, options, at(step)));
    }
    collect_focus();
    choose_lens();
  }

  CameraPath solve() const {
    std::optional<CameraPath> best;
    int best_steps = -1;
    for (const Candidate& candidate : candidates()) {
      const CameraPath path = build(candidate);
      const int steps = steps_in_frame(path);
      if (steps > best_steps) {
        best = path;
        best_steps = steps;
      }
      if (steps > kProgressSteps) break;
    }
    return *best;
  }

 private:
  static float at(int step) { return static_cast<float>(step) / kProgressSteps; }
  bool is_requested() const { return options_.request.kind != CameraMoveKind::kNone; }
  // The last step at which the subject must be seen.
  int wanted_steps() const {
    return is_requested() ? static_cast<int>(kRequestProgress * kProgressSteps + 0.5f)
                          : kProgressSteps;
  }
  int64_t main_count() const { return std::ranges::count_if(actors_, &Actor::is_main); }

  void collect_focus() {
    for (int step = 0; step <= kProgressSteps; step += kProgressSteps / 2) {
      const Point travelled = velocity_ * (at(step) * options_.duration_seconds);
      for (const Point& p : moments_[static_cast<size_t>(step)]) {
        focus_.points.push_back(p - travelled);
      }
    }
    Point low = focus_.points.front(), high = low;
    for (const Point& p : focus_.points) {
      low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
      high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
    }
    focus_.centre = mix(low, high, 0.5f);
    size_ = length(high - low);
  }

  // Small subjects would need the camera so near that their noses grow: a longer lens from further
  // away. Large ones would need it outside of the set: a wider lens.
  void choose_lens() {
    lens_ = ideal_.lens;
    const float nearest = 0.9f + ideal_.nearest_by_size * size_;
    for (int round = 0; round < 2; ++round) {
      const float distance =
          fit(focus_, view(0, 1), options_.aspect, ideal_.window, 1, 0, 0).distance;
      const float wanted = exact::clamp(distance, nearest, std::max(nearest, kFarthest));
      lens_ = exact::clamp(lens_ * distance / wanted, kLensMin, 0.8f);
    }
  }

  View view(float further_down, float lens_factor) const {
    return view_of(ideal_.azimuth, std::min(ideal_.pitch_down + further_down, 1.35f),
                   std::min(lens_ * lens_factor, kLensMax));
  }

  CameraPath build(const Candidate& candidate) const {
    const View eye = view(candidate.pitch, candidate.lens);
    const auto path_with = [&](float x, float y) {
      const Fit placed = fit(focus_, eye, options_.aspect, ideal_.window, candidate.distance, x, y);
      CameraWords words{.position = placed.position,
                        .forward = eye.forward,
                        .right = eye.right,
                        .distance = placed.distance,
                        .lens = eye.lens,
                        .follows = velocity_ != Point{}};
      CameraPath path = path_of(is_requested() ? Move::kStatic : options_.move, words);
      path.velocity = path.velocity + velocity_;
      path.move = options_.request;
      path.subject_distance = placed.distance;
      return path;
    };
    const CameraPath plain = path_with(ideal_.x, ideal_.y);
    if (candidate.counter == 0) return plain;
    const auto [dx, dy] = drift(plain);
    return path_with(exact::clamp(ideal_.x - dx * candidate.counter, -0.8f, 0.8f),
                     exact::clamp(ideal_.y - dy * candidate.counter, -0.8f, 0.8f));
  }

  // How far the centre goes across the frame until the last moment that counts.
  std::pair<float, float> drift(const CameraPath& path) const {
    const auto centre_at = [&](int step) {
      const float seconds = at(step) * options_.duration_seconds;
      return see(camera_at(path, seconds, options_.duration_seconds), options_.aspect,
                 focus_.centre + velocity_ * seconds);
    };
    const Seen first = centre_at(0), last = centre_at(wanted_steps());
    if (last.depth <= 0.1f) return {0, 0};
    return {last.x - first.x, last.y - first.y};
  }

  // The number of steps before too much leaves the frame; 0 too if the camera would go through the
  // ground or a subject at any time.
  int steps_in_frame(const CameraPath& path) const {
    int steps = 0;
    bool inside = true;
    for (int step = 0; step <= kProgressSteps; ++step) {
      const float seconds = at(step) * options_.duration_seconds;
      const Camera camera = camera_at(path, seconds, options_.duration_seconds);
      if (camera.position.y < lowest() || hits_actor(camera.position, seconds)) return 0;
      inside = inside && is_well_seen(camera, step);
      steps += inside;
    }
    return steps;
  }

  bool is_well_seen(const Camera& camera, int step) const {
    const std::vector<Point>& points = moments_[static_cast<size_t>(step)];
    if (step > wanted_steps()) {
      return share_in_frame(camera, options_.aspect, points) > kEndShare + 0.01f;
    }
    const float share = is_requested() && step > 0 ? kMovedShare : kSafeShare;
    return is_in_frame(camera, options_.aspect, points, share);
  }

  float lowest() const { return options_.biome == Biome::kSea ? 0.6f : 0.22f; }

  bool hits_actor(Point camera, float seconds) const {
    return std::ranges::any_of(actors_, [&](const Actor& actor) {
      const float room = 0.15f + 0.55f * std::max(actor.length_m, actor.width_m);
      const Point at = actor.start + actor.velocity * (seconds * options_.speed);
      const Point d = camera - at;
      return exact::abs(d.x) < room && exact::abs(d.z) < room && d.y < actor.height_m + 0.15f;
    });
  }

  const std::vector<Actor>& actors_;
  const FramingOptions& options_;
  const Actor& main_;
  const IdealShot ideal_;
  Point velocity_;  // of the camera
  std::vector<std::vector<Point>> moments_;
  Focus focus_;
  float size_ = 1, lens_ = 0.48f;
};

}  // namespace

bool follows_subject(const Actor& main, const FramingOptions& options) {
  if (options.request.kind == CameraMoveKind::kNone && options.move == Move::kStatic) return false;
  if (main.velocity.x != 0) return true;
  return main.velocity != Point{} && options.move == Move::kTrack;
}

std::vector<Point> focus_points(const std::vector<Actor>& actors, const FramingOptions& options,
                                float progress) {
  const float seconds = progress * options.duration_seconds * options.speed;
  const auto main = std::ranges::find_if(actors, &Actor::is_main);
  std::vector<Point> points;
  for (const Actor& actor : actors) {
    const bool at_middle = exact::abs(progress - 0.5f) < 1e-3f;
    const bool goes_along = actor.velocity == main->velocity;
    if (!actor.is_main && !goes_along && !at_middle) continue;
    if (is_close(options.shot)) {
      if (actor.is_main) append_close_corners(actor, options.shot, seconds, points);
      if (options.shot == ShotSize::kCloseUp && !points.empty()) break;  // one face
    } else {
      append_corners(actor, seconds, points);
    }
  }
  return points;
}

bool is_in_frame(const Camera& camera, float aspect, const std::vector<Point>& points,
                 float share) {
  return std::ranges::all_of(points, [&](const Point& point) {
    const Seen seen = see(camera, aspect, point);
    return seen.depth > 0.05f && exact::abs(seen.x) <= share && exact::abs(seen.y) <= share;
  });
}

float share_in_frame(const Camera& camera, float aspect, const std::vector<Point>& points) {
  float x0 = 1e30f, x1 = -1e30f, y0 = 1e30f, y1 = -1e30f;
  for (const Point& point : points) {
    const Seen seen = see(camera, aspect, point);
    if (seen.depth <= 0.05f) return 0;
    x0 = std::min(x0, seen.x), x1 = std::max(x1, seen.x);
    y0 = std::min(y0, seen.y), y1 = std::max(y1, seen.y);
  }
  const auto inside = [](float low, float high) {
    return std::max(std::min(high, 1.0f) - std::max(low, -1.0f), 0.0f) /
           std::max(high - low, 1e-6f);
  };
  return inside(x0, x1) * inside(y0, y1);
}

CameraPath frame_subjects(const std::vector<Actor>& actors, const FramingOptions& options) {
  RUSHES_CHECK(std::ranges::any_of(actors, &Actor::is_main));
  return Solver(actors, options).solve();
}

}  // namespace rushes::previz
