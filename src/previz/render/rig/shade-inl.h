// The materials of figures: fur, eyes, clothes, boards, under the light of the set.
#if defined(RUSHES_PREVIZ_SHADE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RUSHES_PREVIZ_SHADE_INL_H_
#undef RUSHES_PREVIZ_SHADE_INL_H_
#else
#define RUSHES_PREVIZ_SHADE_INL_H_
#endif

#include "previz/render/light.h"
#include "previz/render/rig/coat-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Colour, gloss and light of its own at a point of a surface.
struct Finish {
  Vec3 albedo, glow;
  Vec3 normal;
  Float gloss;   // strength of a sharp highlight
  Float mirror;  // share of the sky it reflects
  Float soft;    // fur: light wraps around and shines through at the rim
  HWY_INLINE Finish()
      : albedo(Float(0.5f)),
        glow(Float(0.0f)),
        normal(Float(0.0f)),
        gloss(0.0f),
        mirror(0.0f),
        soft(0.0f) {}
};

HWY_INLINE Mask is_made_of(const Skin& s, Material m) {
  return abs(s.material - static_cast<float>(m)) < 0.5f;
}

// Strands lie along the body, down the legs, back on the head.
inline void finish_fur(const Figure& figure, const Skin& s, Mask lanes, Finish& out) {
  const Coat& coat = *figure.coat;
  const float seed = exact::unit(exact::hash(coat.seed, 9)) * 60.0f;
  const Float leg = s.front + s.hind;
  const Float fx = mix(Float(19.0f), Float(44.0f), leg), fy = mix(Float(44.0f), Float(19.0f), leg);
  const Vec3 at(s.rest.x * fx + seed, s.rest.y * fy, s.rest.z * 44.0f);
  const float fine = 2.3f;
  const Float h1 = noise3(at) - 0.5f;
  const Float h2 = noise3(Vec3(at.x * fine + 7.0f, at.y * fine, at.z * fine + 3.0f)) - 0.5f;
  const float coarse = coat.pattern == Pattern::kPatches ? 2.6f : 5.0f;
  const Float blotch =
      noise3(Vec3(s.rest.x * coarse + seed, s.rest.y * coarse, s.rest.z * coarse + 5.0f)) * 0.7f +
      noise3(Vec3(s.rest.x * coarse * 2.1f, s.rest.y * coarse * 2.1f + seed,
                  s.rest.z * coarse * 2.1f)) *
          0.3f;
  const Float hair = (h1 * 0.65f + h2 * 0.35f);
  Float relief = hair;
  if (coat.curl > 0.0f) {  // wool: round curls instead of strands
    const float k = 13.0f;
    const Float curl = noise3(Vec3(s.rest.x * k + seed, s.rest.y * k, s.rest.z * k)) - 0.5f;
    relief = mix(relief, curl * 1.4f, coat.curl * saturate(1.0f - s.head - leg));
  }
  const float rough = coat.fur * 0.42f;
  const Vec3 bump(h1 * rough, (h2 + relief * 0.5f) * rough, (h1 - h2) * (0.6f * rough));
  const Vec3 normal = normalize(s.normal + bump);
  Skin skin = s;
  skin.normal = normal;
  Vec3 albedo = paint_coat(coat, coat_point(coat, skin, hair, blotch));
  albedo = albedo *
           (1.0f + relief * (0.55f * exact::clamp(coat.fur, 0, 1.2f)) + (blotch - 0.5f) * 0.12f);
  // The insides of ears that stand: above the skull and facing forward.
  const Float inside = smoothstep(0.15f, 0.55f, dot(s.normal, Vec3(figure.head.forward))) * s.head *
                       smoothstep(0.98f, 1.16f, s.rest.y * (1.0f / coat.head_radius));
  albedo = mix(albedo, Vec3(coat.inner_ear), inside * 0.85f);
  out.albedo = select(lanes, albedo, out.albedo);
  out.normal = select(lanes, normal, out.normal);
  out.soft = select(lanes, Float(0.35f + 0.65f * exact::saturate(coat.fur)), out.soft);
  out.gloss = select(lanes, Float(coat.shine * 0.35f), out.gloss);
}

// A dark glossy ball with iris, pupil and two lights; lids of fur close over it.
inline void finish_eye(const Figure& figure, const Ray& ray, Vec3 p, Mask lanes, Finish& out) {
  const Vec3 a = p - Vec3(figure.eyes[0]), b = p - Vec3(figure.eyes[1]);
  const Mask first = dot(a, a) < dot(b, b);
  const Vec3 n = select(first, a, b) * (1.0f / figure.eye_radius);
  const Float side = select(first, -1.0f, 1.0f);
  const Vec3 forward(figure.head.forward), up(figure.head.up), across(figure.head.side);
  // Eyes follow the viewer a little: a look that is alive.
  const Vec3 gaze = normalize(forward * 0.80f + across * (side * 0.62f) - ray.direction * 0.55f);
  const Float toward = dot(n, gaze);
  const Coat& coat = *figure.coat;
  const Float ring = smoothstep(0.62f, 0.72f, toward);
  Float slit = toward;
  if (coat.pupil_slit > 0.0f) {
    const Float wide = abs(dot(n, normalize(cross(gaze, up))));
    slit = toward - wide * wide * (coat.pupil_slit * 1.6f);
  }
  const Float pupil = smoothstep(0.86f, 0.91f, slit);
  Vec3 colour = mix(Vec3(Float(0.006f)),
                    Vec3(coat.iris) * (0.55f + 0.75f * smoothstep(0.3f, -0.5f, dot(n, up))), ring);
  colour = mix(colour, Vec3(Float(0.003f)), pupil);
  const Vec3 view = -ray.direction;
  const Vec3 right = cross(Vec3(Float(0.0f), Float(1.0f), Float(0.0f)), view);
  const Vec3 main = normalize(view + Vec3(Float(0.0f), Float(0.62f), Float(0.0f)) - right * 0.40f);
  const Vec3 second =
      normalize(view - Vec3(Float(0.0f), Float(0.45f), Float(0.0f)) + right * 0.40f);
  const Float glint =
      smoothstep(0.945f, 0.970f, dot(n, main)) + 0.30f * smoothstep(0.972f, 0.986f, dot(n, second));
  const Float closed = smoothstep(-0.06f, 0.06f, dot(n, up) - (1.0f - 2.05f * figure.lids));
  const Vec3 lid = Vec3(coat.pattern == Pattern::kRaccoon ? coat.marking : coat.flank) * 0.8f;
  out.albedo = select(lanes, mix(colour, lid, closed), out.albedo);
  out.glow = select(lanes, Vec3(Float(0.85f)) * (glint * (1.0f - closed)), out.glow);
  out.normal = select(lanes, n, out.normal);
  out.gloss = select(lanes, 1.0f - closed, out.gloss);
  out.mirror = select(lanes, 0.05f * (1.0f - closed), out.mirror);
}

// Stripes of boards run across them; those of round things (rest.y = 1) are sectors.
inline Vec3 striped(const Skin& s, Mask round) {
  const Float along = fract(s.rest.x * 5.2f);
  const Float band = smoothstep(0.04f, 0.0f, abs(along - 0.5f) - 0.22f);
  const Float r = reciprocal_sqrt(max(s.rest.x * s.rest.x + s.rest.z * s.rest.z, 1e-6f));
  const Float c = s.rest.x * r, t = s.rest.z * r;
  const Float sine4 = 4.0f * t * c * (c * c - t * t);
  const Float sector = smoothstep(-0.08f, 0.08f, sine4);
  return mix(s.tint, Vec3(0.80f, 0.78f, 0.72f), select(round, sector, band));
}

inline void finish_plain(const Skin& s, Vec3 p, Finish& out) {
  auto put = [&](Material m, auto&& make) HWY_ATTR {
    const Mask lanes = is_made_of(s, m);
    if (any(lanes)) make(lanes);
  };
  auto set = [&](Mask lanes, Vec3 albedo, float gloss, float mirror, float soft) HWY_ATTR {
    out.albedo = select(lanes, albedo, out.albedo);
    out.gloss = select(lanes, Float(gloss), out.gloss);
    out.mirror = select(lanes, Float(mirror), out.mirror);
    out.soft = select(lanes, Float(soft), out.soft);
  };
  put(Material::kNose, [&](Mask m) HWY_ATTR { set(m, s.tint, 0.55f, 0.03f, 0.0f); });
  put(Material::kHorn, [&](Mask m) HWY_ATTR {
    const Float grain = noise3(p * 40.0f);
    set(m, s.tint * (0.8f + 0.4f * grain), 0.12f, 0.0f, 0.0f);
  });
  put(Material::kHoof, [&](Mask m) HWY_ATTR { set(m, s.tint, 0.18f, 0.0f, 0.0f); });
  put(Material::kHair, [&](Mask m) HWY_ATTR {
    const Float strand = noise3(Vec3(s.rest.x * 60.0f, s.rest.y * 14.0f, s.rest.z * 60.0f));
    set(m, s.tint * (0.55f + 0.95f * strand), 0.15f, 0.0f, 0.9f);
    out.normal =
        select(m, normalize(s.normal + Vec3(strand - 0.5f, Float(0.0f), 0.5f - strand) * 0.5f),
               out.normal);
  });
  put(Material::kPlastic, [&](Mask m) HWY_ATTR { set(m, s.tint, 0.6f, 0.05f, 0.0f); });
  put(Material::kGlass, [&](Mask m) HWY_ATTR { set(m, s.tint, 1.0f, 0.34f, 0.0f); });
  put(Material::kGold, [&](Mask m) HWY_ATTR { set(m, s.tint, 0.9f, 0.25f, 0.0f); });
  put(Material::kCloth, [&](Mask m) HWY_ATTR {
    const Float weave = noise3(p * 120.0f);
    set(m, s.tint * (0.86f + 0.28f * weave), 0.02f, 0.0f, 0.3f);
  });
  put(Material::kWood, [&](Mask m) HWY_ATTR {
    const Float grain = noise3(Vec3(p.x * 9.0f, p.y * 42.0f, p.z * 42.0f));
    set(m, s.tint * (0.72f + 0.5f * grain), 0.10f, 0.0f, 0.0f);
  });
  put(Material::kStripes, [&](Mask m) HWY_ATTR {
    const Float weave = noise3(p * 90.0f);
    set(m, striped(s, s.rest.y > 0.5f) * (0.92f + 0.16f * weave), 0.03f, 0.0f, 0.2f);
  });
  put(Material::kBall, [&](Mask m) HWY_ATTR {
    Skin turned = s;
    set(m, striped(turned, all_lanes()), 0.45f, 0.04f, 0.1f);
  });
  put(Material::kStone, [&](Mask m) HWY_ATTR {
    const Float n = fbm3(p * 3.1f, 4), fine = noise3(p * 34.0f);
    set(m, s.tint * (0.45f + 0.95f * n + 0.20f * (fine - 0.5f)), 0.02f, 0.0f, 0.0f);
    const Vec3 bump(noise3(p * 11.0f) - 0.5f, noise3(p * 11.0f + Vec3(Float(9.0f))) - 0.5f,
                    noise3(p * 11.0f + Vec3(Float(31.0f))) - 0.5f);
    out.normal = select(m, normalize(s.normal + bump * 0.7f), out.normal);
  });
  put(Material::kFlame, [&](Mask m) HWY_ATTR {
    const Float core = noise3(p * 7.0f);
    set(m, Vec3(Float(0.02f)), 0.0f, 0.0f, 0.0f);
    out.glow = select(m, s.tint * (1.6f + 1.8f * core), out.glow);
  });
}

// How open the surroundings are along a direction: from the distance field itself.
inline Float clearance(const Figure& figure, const Touched& touched, Vec3 p, Vec3 direction,
                       float reach) {
  return saturate(figure_distance(figure, touched, p + direction * reach) * (1.0f / reach));
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // RUSHES_PREVIZ_SHADE_INL_H_
