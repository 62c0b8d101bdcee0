// Forest: trunks and crowns in haze, a path across the stage, a trail into the depth, ferns, moss,
// fallen leaves or snow, sun that comes through the canopy in spots and shafts. What grows is data
// (forest_look.h): sequoias, conifers, broadleaf trees, birches, bamboo, a jungle; every season.
#include "previz/render/biome/biomes.h"
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/biome/forest.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/biome/export_biome-inl.h"
#include "previz/render/biome/forest_floor-inl.h"
#include "previz/render/biome/forest_light-inl.h"
#include "previz/render/biome/forest_look.h"
#include "previz/render/biome/forest_shafts-inl.h"
#include "previz/render/biome/forest_trees-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {
namespace {

class Forest {
 public:
  static constexpr bool kHasClouds = false;
  static constexpr int kClearBlock = 4;

  // Leaves may stand half before the sky, so the hit holds all of a ray and its mask is always set.
  struct Hit {
    Mask mask;
    Float distance;  // of the surface, or of the leaves that hide most of it
    Mask ground;
    Float ground_distance;
    TreeHit tree;
    HWY_INLINE Hit() {}
  };

  explicit Forest(const SceneSetup& setup)
      : look_(forest_look(setup.shot.environment)),
        light_(setup.light, look_, setup.shot.environment.wind),
        sky_(setup.light, setup.shot.place_seed),
        floor_(setup, look_, light_),
        trees_(look_, light_, floor_),
        shafts_(setup, light_) {}

  void set_moment(const Moment& now) {
    light_.set_moment(now.seconds);
    shafts_.set_moment(now);
  }

  float ground_height(float x, float z) const { return floor_.surface_at(x, z); }

  Float clear_distance(const Ray& axis, float spread) const {
    return floor_.clear_distance(axis, spread);
  }

  Hit trace(const Ray& ray, Float clear) const {
    Hit hit;
    hit.mask = all_lanes();
    hit.ground_distance = floor_.march(ray, clear);
    hit.ground = hit.ground_distance < kFarAway;
    Leaves leaves;
    floor_.plants(ray, hit.ground_distance, leaves);
    hit.tree = trees_.trace(ray, hit.ground_distance, leaves);
    hit.ground = hit.ground & ~hit.tree.bark;
    const Float surface = select(hit.tree.bark, hit.tree.distance, hit.ground_distance);
    hit.distance = min(surface, hit.tree.leaves.distance);
    return hit;
  }

  Vec3 background(const Ray& ray) const { return light_.haze_colour(ray); }

  Vec3 shade(const Ray& ray, const Hit& hit, const Incident& incident) const {
    const Float through = hit.tree.leaves.through;
    const Mask seen = through > 0.03f;
    Vec3 colour = hit.tree.leaves.colour;
    const Mask far = seen & ~hit.ground & ~hit.tree.bark;
    if (any(far)) colour = select(far, colour + beyond(ray) * through, colour);
    const Mask ground = seen & hit.ground;
    if (any(ground)) {
      const Float t = select(ground, hit.ground_distance, Float(1.0f));
      const Vec3 c = floor_.shade(ray, t, incident.sun, incident.openness);
      colour = select(ground, colour + light_.haze(ray, t, c) * through, colour);
    }
    const Mask bark = seen & hit.tree.bark;
    if (any(bark)) {
      const Vec3 c = trees_.shade_bark(ray, hit.tree, incident.sun);
      colour = select(bark, colour + light_.haze(ray, hit.tree.distance, c) * through, colour);
    }
    // Every layer is in its own haze by now; atmosphere() will lay the haze of one distance over
    // the pixel, so take that out.
    return light_.without_haze(ray, hit.distance, colour);
  }

  // The same spots of sun as on the floor under it; a little light always finds its way through, or
  // a subject in deep shade would be lost.
  Incident incident(Vec3 point) const {
    Incident incident;
    incident.sun = 0.16f + 0.84f * light_.sun_at(point);
    incident.openness = Float(1.0f - 0.20f * look_.canopy);
    return incident;
  }

  Vec3 atmosphere(const Ray& ray, Vec3 colour, Float distance, Float) const {
    return light_.haze(ray, distance, colour) + shafts_(ray, distance);
  }

 private:
  // Behind the last tree: sky, closed by a roof of leaves, melting into the haze near the horizon.
  Vec3 beyond(const Ray& ray) const {
    const Vec3 mist = light_.haze_colour(ray);
    const Float up = smoothstep(0.02f, 0.42f, ray.direction.y);
    const Vec3 open =
        mix(mist, sky_(ray.direction, light_.seconds()), up * (1.0f - 0.35f * look_.canopy));
    const Mask roofed = ray.direction.y > 0.06f;
    if (none(roofed)) return open;
    const Vec3 closed = trees_.roof(ray, open);
    return select(roofed, closed, open);
  }

  const ForestLook look_;
  ForestLight light_;
  const Sky sky_;
  const ForestFloor floor_;
  const ForestTrees trees_;
  ForestShafts shafts_;
};

}  // namespace
}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

RUSHES_EXPORT_BIOME(Forest, make_forest);
