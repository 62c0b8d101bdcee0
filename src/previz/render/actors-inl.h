// Actors: everything staged on the set (rigs, cards, props), seen by the scene loop of every biome.
//
// The methods are compiled once per target in actors_trace.cpp, not in every biome.
#if defined(RUSHES_PREVIZ_ACTORS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_ACTORS_INL_H_
#undef RUSHES_PREVIZ_ACTORS_INL_H_
#else
#define RUSHES_PREVIZ_ACTORS_INL_H_
#endif

#include "previz/render/actors.h"
#include "previz/render/scene.h"
#include "previz/render/sky-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// The nearest actor along each ray. `coverage` is 0 where there is none and between 0 and 1 on the
// soft edges of cards.
struct ActorHit {
  Float coverage, distance;
  // The nearest thing that hides what is behind it, and the nearest soft edge before that. Indices
  // count figures first, then cards; -1 is nobody.
  Float solid, solid_distance, edge, edge_distance, edge_alpha;
  HWY_INLINE ActorHit()
      : coverage(0.0f),
        distance(kFarAway),
        solid(-1.0f),
        solid_distance(kFarAway),
        edge(-1.0f),
        edge_distance(kFarAway),
        edge_alpha(0.0f) {}
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
  explicit Actors(const SceneSetup& setup) : light_(setup.light), cast_(setup) {}

  bool empty() const { return cast_.empty(); }

  // Poses everyone. `ground` is the height of the biome's ground at (x, z).
  template <class Ground>
  void set_moment(const Moment& now, const Ground& ground) {
    if (!cast_.empty()) cast_.pose(now, ground);
  }

  ActorHit trace(const Ray& ray, const Float& t_max) const;
  // Linear colour of what trace() found; fog comes later.
  Vec3 shade(const Ray& ray, const ActorHit& hit, const Incident& incident) const;
  // Sunlight that passes the actors on its way to a point of the set: 0..1.
  Float sun_visibility(const Vec3& point, const Mask& wanted) const {
    return passing(point, wanted, -1);
  }
  // Skylight that a point of the set keeps beside the actors' feet: 0..1.
  Float openness(const Vec3& point, const Vec3& normal, const Mask& wanted) const;

 private:
  // Sunlight that passes all actors but one.
  Float passing(const Vec3& point, const Mask& wanted, int but) const;
  Vec3 shade_figure(const Figure& figure, const Ray& ray, const Float& t, const Mask& lanes,
                    const Incident& incident, int index) const;
  Vec3 shade_card(const Card& card, const Ray& ray, const Float& t, const Incident& incident,
                  const Mask& lanes, int index) const;

  const Light& light_;
  Cast cast_;
};

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_ACTORS_INL_H_
