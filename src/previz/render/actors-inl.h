// Actors: everything staged on the set (rigs, cards, props), seen by the scene loop of every biome.
#if defined(RUSHES_PREVIZ_ACTORS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_ACTORS_INL_H_
#undef RUSHES_PREVIZ_ACTORS_INL_H_
#else
#define RUSHES_PREVIZ_ACTORS_INL_H_
#endif

#include "previz/render/scene.h"
#include "previz/render/sky-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// The nearest actor along each ray. `coverage` is 0 where there is none and between 0 and 1 on the
// soft edges of cards. Other members are the actors' own.
struct ActorHit {
  Float coverage, distance;
  // Written out because GCC gives implicit constructors no vector target.
  HWY_INLINE ActorHit() : coverage(0.0f), distance(kFarAway) {}
};

// What reaches a point besides the actors' own shadows.
struct Incident {
  Float sun;       // 0..1: sunlight that comes through
  Float openness;  // 0..1: skylight that comes through
  HWY_INLINE Incident() : sun(1.0f), openness(1.0f) {}
  HWY_INLINE Incident(Float sun_in, Float openness_in) : sun(sun_in), openness(openness_in) {}
};

class Actors {
 public:
  explicit Actors(const SceneSetup& setup) : light_(setup.light) {}

  bool empty() const { return true; }

  // Poses everyone. `ground` is the height of the biome's ground at (x, z).
  template <class Ground>
  void set_moment(const Moment& /*now*/, const Ground& /*ground*/) {}

  ActorHit trace(const Ray& /*ray*/, Float /*t_max*/) const { return {}; }
  // Linear colour of what trace() found; fog comes later.
  Vec3 shade(const Ray& /*ray*/, const ActorHit& /*hit*/, const Incident& /*incident*/) const {
    return Vec3(light_.ambient);
  }
  // Sunlight that passes the actors on its way to a point of the set: 0..1.
  Float sun_visibility(Vec3 /*point*/, Mask /*wanted*/) const { return 1.0f; }
  // Skylight that a point of the set keeps beside the actors' feet: 0..1.
  Float openness(Vec3 /*point*/, Vec3 /*normal*/, Mask /*wanted*/) const { return 1.0f; }

 private:
  const Light& light_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_ACTORS_INL_H_
