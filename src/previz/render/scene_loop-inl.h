// SceneLoop: turns a biome and the actors into frames. One template for all biomes; the contract a
// biome models is in README.md beside this file.
//
// A frame is made of 16x16 tiles. The first sample covers every tile. Further samples go only to
// tiles where the first one showed detail or which the camera's own motion moves across the picture
// (or they would stay sharp among blurred neighbours), and the extra ones only to tiles with
// actors, whose motion would show double edges otherwise. All decisions are taken from the pixels
// of a tile, never from packets or threads.
#if defined(RUSHES_PREVIZ_SCENE_LOOP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_SCENE_LOOP_INL_H_
#undef RUSHES_PREVIZ_SCENE_LOOP_INL_H_
#else
#define RUSHES_PREVIZ_SCENE_LOOP_INL_H_
#endif

#include <algorithm>
#include <cmath>
#include <vector>

#include "previz/render/actors-inl.h"
#include "previz/render/camera_ray-inl.h"
#include "previz/render/cloud_layer-inl.h"
#include "previz/render/particles-inl.h"
#include "previz/render/scene.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

template <class BiomeModel>
class SceneLoop final : public Scene {
 public:
  explicit SceneLoop(const SceneSetup& setup)
      : pool_(setup.pool), biome_(setup), actors_(setup), particles_(setup) {}

  void render(const FramePlan& plan, Planes& light) override {
    const Tiles tiles(light);
    flags_.assign(static_cast<size_t>(tiles.count()), 0);
    begin(plan.samples.front(), tiles);
    pool_.for_each(tiles.count(), [&](int tile) HWY_ATTR {
      const bool actor = render_tile<false>(tiles.bounds(tile), plan.samples.front(), light);
      flags_[static_cast<size_t>(tile)] = actor ? kActor : 0;
    });
    if constexpr (BiomeModel::kHasClouds) {
      clouds_.render(biome_, plan.samples.front(), light, pool_);
    }
    refine(plan, tiles, light);
    if constexpr (BiomeModel::kHasClouds) clouds_.composite(light, pool_);
    particles_.draw(plan, light, pool_);
  }

 private:
  static constexpr int kTile = 16;
  static constexpr uint8_t kActor = 1, kDetail = 2;

  struct Bounds {
    int x0, y0, x1, y1;
  };
  struct Tiles {
    int width, height, columns, rows;
    explicit Tiles(const Planes& p)
        : width(p.width),
          height(p.height),
          columns((p.width + kTile - 1) / kTile),
          rows((p.height + kTile - 1) / kTile) {}
    int count() const { return columns * rows; }
    Bounds bounds(int tile) const {
      const int x = tile % columns * kTile, y = tile / columns * kTile;
      return {x, y, std::min(x + kTile, width), std::min(y + kTile, height)};
    }
  };

  // Whether the biome can tell how far a whole block of pixels is empty (README.md).
  static constexpr bool kClears = requires(const BiomeModel& b, const Ray& ray) {
    b.clear_distance(ray, 0.0f);
    b.trace(ray, Float(0.0f));
  };

  void begin(const Moment& now, const Tiles& tiles) {
    biome_.set_moment(now);
    if constexpr (kClears) clear_blocks(now, tiles);
    actors_.set_moment(now, [this](float x, float z) { return biome_.ground_height(x, z); });
  }

  // A number 0..1 that differs most between neighbours, so that what a march with few steps misses
  // melts together; the samples of a pixel share out the interval.
  static HWY_INLINE Float dither(int x, int y, int sample) {
    return fract(52.9829189f * fract(to_float(lane_index(x)) * 0.06711056f +
                                     static_cast<float>(y) * 0.00583715f) +
                 static_cast<float>(sample) * 0.61803399f);
  }

  // One ray per block of pixels, as wide as the block, finds where they may start to look for
  // surfaces.
  void clear_blocks(const Moment& now, const Tiles& tiles) {
    constexpr int kBlock = BiomeModel::kClearBlock;
    const int columns = (tiles.width + kBlock - 1) / kBlock;
    const int rows = (tiles.height + kBlock - 1) / kBlock;
    clear_pitch_ = (columns + kWidestPacket - 1) / kWidestPacket * kWidestPacket * kBlock;
    clear_.resize(static_cast<size_t>(clear_pitch_) * static_cast<size_t>(rows));
    const float pixel = 2.0f * now.camera.tan_half_fov / static_cast<float>(tiles.height);
    const float spread = pixel * kBlock * 0.75f;  // over half the diagonal
    pool_.for_each(rows, [&](int row) HWY_ATTR {
      float* to = &clear_[static_cast<size_t>(row) * static_cast<size_t>(clear_pitch_)];
      for (int column = 0; column < columns; column += kLanes) {
        const Float x = (to_float(lane_index(column)) + 0.5f) * static_cast<float>(kBlock);
        const float y = (static_cast<float>(row) + 0.5f) * static_cast<float>(kBlock);
        const Ray axis = camera_ray(now.camera, tiles.width, tiles.height, x, y);
        float clear[kLanes];
        store(biome_.clear_distance(axis, spread), clear);
        for (const float distance : clear) to = std::fill_n(to, kBlock, distance);
      }
    });
  }

  HWY_INLINE typename BiomeModel::Hit trace(const Ray& ray, int x, int y) const {
    if constexpr (kClears) {
      const int row = y / BiomeModel::kClearBlock;
      return biome_.trace(ray, load(&clear_[static_cast<size_t>(row * clear_pitch_ + x)]));
    } else {
      return biome_.trace(ray);
    }
  }

  // True if some pixel of the tile shows an actor.
  template <bool kAdd>
  bool render_tile(const Bounds& b, const Moment& now, Planes& out) const {
    bool actor = false;
    for (int y = b.y0; y < b.y1; ++y) {
      for (int x = b.x0; x < b.x1; x += kLanes) {
        Float distance;
        Vec3 colour = render_packet(now, out.width, out.height, x, y, distance, actor);
        const size_t i = out.at(x, y);
        if constexpr (kAdd) {
          colour = colour + Vec3(load(&out.r[i]), load(&out.g[i]), load(&out.b[i]));
        } else {
          store(distance, &out.extra[i]);
        }
        store(colour.x, &out.r[i]);
        store(colour.y, &out.g[i]);
        store(colour.z, &out.b[i]);
      }
    }
    return actor;
  }

  Vec3 render_packet(const Moment& now, int width, int height, int x, int y, Float& distance,
                     bool& actor_seen) const {
    const Ray ray = camera_ray(now.camera, width, height, x, y, now.within_x, now.within_y);
    const Float jitter = dither(x, y, now.sample);
    typename BiomeModel::Hit hit = trace(ray, x, y);
    distance = select(hit.mask, hit.distance, kFarAway);
    ActorHit actor;
    if (!actors_.empty()) actor = actors_.trace(ray, distance);
    const Mask covered = actor.coverage > 0.0f, hidden = actor.coverage >= 1.0f;

    Vec3 colour{Float(0.0f)};
    if (any(~hidden)) {
      if (any(~hit.mask & ~hidden)) colour = biome_.background(ray);
      hit.mask = hit.mask & ~hidden;
      if (any(hit.mask)) {
        Incident incident;
        if (!actors_.empty()) {
          const Vec3 point = ray.at(select(hit.mask, hit.distance, 1.0f));
          incident.sun = actors_.sun_visibility(point, hit.mask);
          incident.openness = actors_.openness(point, Vec3(0.0f, 1.0f, 0.0f), hit.mask);
        }
        colour = select(hit.mask, biome_.shade(ray, hit, incident), colour);
      }
      colour = biome_.atmosphere(ray, colour, distance, jitter);
    }
    if (any(covered)) {
      // Packets reach past the right edge of a picture; pixels there are nobody's.
      actor_seen =
          actor_seen | any(covered & (to_float(lane_index(x)) < static_cast<float>(width)));
      const Float near = select(covered, actor.distance, 1.0f);
      Vec3 c = actors_.shade(ray, actor, biome_.incident(ray.at(near)));
      c = biome_.atmosphere(ray, c, near, jitter);
      // What is hidden was not computed, so it must not be mixed with, not even by nothing.
      colour = select(hidden, c, select(covered, mix(colour, c, actor.coverage), colour));
      distance = select(actor.coverage > 0.5f, actor.distance, distance);
    }
    return colour;
  }

  // ---- further samples --------------------------------------------------------------------------

  // Does the first sample differ from pixel to pixel by more than an eye would forgive? Clouds in
  // front make it forgive more.
  bool has_detail(const Bounds& b, const Planes& p) const {
    for (int y = b.y0; y < b.y1; ++y) {
      for (int x = b.x0; x < b.x1; ++x) {
        const size_t i = p.at(x, y);
        const size_t left = p.at(std::max(x - 1, 0), y), above = p.at(x, std::max(y - 1, 0));
        const float seen = BiomeModel::kHasClouds ? clouds_.transmittance(x, y) : 1.0f;
        if (seen < 0.05f) continue;
        const float allowed = (0.03f * p.g[i] + 0.006f) / seen;
        if (std::fabs(p.g[i] - p.g[left]) > allowed || std::fabs(p.g[i] - p.g[above]) > allowed ||
            std::fabs(p.r[i] - p.r[left]) > allowed || std::fabs(p.r[i] - p.r[above]) > allowed) {
          return true;
        }
      }
    }
    return false;
  }

  // Does the camera's motion while the shutter is open move what the tile shows by more than half a
  // pixel? Blurred and unblurred tiles side by side would show as blocks.
  bool is_swept(const Bounds& b, const FramePlan& plan, const Planes& p) const {
    float nearest = kFarAway;
    for (int y = b.y0; y < b.y1; ++y) {
      for (int x = b.x0; x < b.x1; ++x) {
        const float seen = BiomeModel::kHasClouds ? clouds_.transmittance(x, y) : 1.0f;
        if (seen >= 0.05f) nearest = std::min(nearest, p.extra[p.at(x, y)]);
      }
    }
    if (nearest >= kFarAway) return false;
    const Camera& from = plan.samples.front().camera;
    const Camera& to = plan.samples.back().camera;
    const float half = 0.5f * static_cast<float>(p.height);
    const float x = (static_cast<float>(b.x0 + b.x1) - static_cast<float>(p.width)) * 0.5f / half;
    const float y = (static_cast<float>(p.height) - static_cast<float>(b.y0 + b.y1)) * 0.5f / half;
    const Point towards = normalize(from.forward + from.right * (x * from.tan_half_fov) +
                                    from.up * (y * from.tan_half_fov));
    const Point now = from.position + towards * nearest - to.position;
    const float depth = std::max(dot(now, to.forward), 1e-3f) * to.tan_half_fov;
    const float dx = dot(now, to.right) / depth - x, dy = dot(now, to.up) / depth - y;
    return (dx * dx + dy * dy) * half * half > 0.25f;
  }

  void refine(const FramePlan& plan, const Tiles& tiles, Planes& light) {
    if (plan.samples.size() < 2) return;
    pool_.for_each(tiles.count(), [&](int tile) {
      const Bounds b = tiles.bounds(tile);
      if (has_detail(b, light) || is_swept(b, plan, light))
        flags_[static_cast<size_t>(tile)] |= kDetail;
    });
    // An actor may move into the next tile while the shutter is open.
    std::vector<int> detailed, acting;
    for (int tile = 0; tile < tiles.count(); ++tile) {
      const bool acts = near_actor(tiles, tile);
      if (acts) acting.push_back(tile);
      if (acts || (flags_[static_cast<size_t>(tile)] & kDetail)) detailed.push_back(tile);
    }
    for (size_t s = 1; s < plan.samples.size(); ++s)
      add_sample(plan.samples[s], detailed, tiles, light);
    for (const Moment& extra : plan.extra) add_sample(extra, acting, tiles, light);

    std::vector<float> weight(static_cast<size_t>(tiles.count()), 1.0f);
    for (int tile : detailed)
      weight[static_cast<size_t>(tile)] = 1.0f / static_cast<float>(plan.samples.size());
    for (int tile : acting) {
      weight[static_cast<size_t>(tile)] =
          1.0f / static_cast<float>(plan.samples.size() + plan.extra.size());
    }
    pool_.for_each(static_cast<int>(detailed.size()), [&](int index) {
      const int tile = detailed[static_cast<size_t>(index)];
      const Bounds b = tiles.bounds(tile);
      const float w = weight[static_cast<size_t>(tile)];
      for (int y = b.y0; y < b.y1; ++y) {
        for (size_t i = light.at(b.x0, y), end = light.at(b.x1 - 1, y); i <= end; ++i) {
          light.r[i] *= w;
          light.g[i] *= w;
          light.b[i] *= w;
        }
      }
    });
  }

  bool near_actor(const Tiles& tiles, int tile) const {
    const int column = tile % tiles.columns, row = tile / tiles.columns;
    for (int y = std::max(row - 1, 0); y <= std::min(row + 1, tiles.rows - 1); ++y) {
      for (int x = std::max(column - 1, 0); x <= std::min(column + 1, tiles.columns - 1); ++x) {
        if (flags_[static_cast<size_t>(y * tiles.columns + x)] & kActor) return true;
      }
    }
    return false;
  }

  void add_sample(const Moment& now, const std::vector<int>& chosen, const Tiles& tiles,
                  Planes& light) {
    begin(now, tiles);
    pool_.for_each(static_cast<int>(chosen.size()), [&](int index) HWY_ATTR {
      render_tile<true>(tiles.bounds(chosen[static_cast<size_t>(index)]), now, light);
    });
  }

  ThreadPool& pool_;
  BiomeModel biome_;
  Actors actors_;
  Particles particles_;
  CloudLayer clouds_;
  std::vector<uint8_t> flags_;
  std::vector<float> clear_;  // per pixel of a row of blocks: no surface is nearer
  int clear_pitch_ = 0;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SCENE_LOOP_INL_H_
