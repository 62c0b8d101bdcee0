// The methods of Actors, compiled once per target.
#include "previz/render/simd/targets.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "previz/render/actors_trace.cpp"
#include <hwy/foreach_target.h>

#include "previz/render/actors-inl.h"
#include "previz/render/card/card-inl.h"
#include "previz/render/rig/shade-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rushes::previz::HWY_NAMESPACE {

// Alpha above which a card hides what is behind it.
constexpr float kSolid = 0.985f;

ActorHit Actors::trace(const Ray& ray, const Float& t_max) const {
  ActorHit hit;
  int index = 0;
  for (const Figure& figure : cast_.figures()) {
    const Float t = trace_figure(figure, ray, min(t_max, hit.solid_distance), all_lanes());
    const Mask nearer = t < min(t_max, hit.solid_distance);
    hit.solid = select(nearer, Float(static_cast<float>(index)), hit.solid);
    hit.solid_distance = select(nearer, t, hit.solid_distance);
    ++index;
  }
  for (const Card& card : cast_.cards()) {
    Float from, to;
    const Mask meets = meets_sphere(ray, card.centre, card.bound, t_max, from, to);
    const Float t = plane_distance(card, ray);
    const Mask near = meets & (t < min(t_max, hit.solid_distance));
    if (any(near)) {
      const CardPoint c = card_point(card, ray.at(select(near, t, 1.0f)));
      const Mask inside = near & c.inside;
      if (any(inside)) {
        const Float alpha = select(inside, card_alpha(card, card.level, c), 0.0f);
        const Mask solid = alpha > kSolid;
        const Mask edge = ~solid & (alpha > 0.012f) & (t < hit.edge_distance);
        hit.solid = select(solid, Float(static_cast<float>(index)), hit.solid);
        hit.solid_distance = select(solid, t, hit.solid_distance);
        hit.edge = select(edge, Float(static_cast<float>(index)), hit.edge);
        hit.edge_distance = select(edge, t, hit.edge_distance);
        hit.edge_alpha = select(edge, alpha, hit.edge_alpha);
      }
    }
    ++index;
  }
  // An edge behind something solid is not seen.
  const Mask seen = hit.edge_distance < hit.solid_distance;
  hit.edge = select(seen, hit.edge, -1.0f);
  hit.edge_alpha = select(seen, hit.edge_alpha, 0.0f);
  const Mask solid = hit.solid > -0.5f;
  hit.coverage = select(solid, Float(1.0f), hit.edge_alpha);
  hit.distance = select(solid, hit.solid_distance, select(seen, hit.edge_distance, kFarAway));
  return hit;
}

Vec3 Actors::shade(const Ray& ray, const ActorHit& hit, const Incident& incident) const {
  Vec3 solid(light_.ambient), edge(light_.ambient);
  int index = 0;
  auto each = [&](auto&& paint) HWY_ATTR {
    const Mask filled = abs(hit.solid - static_cast<float>(index)) < 0.5f;
    const Mask rimmed = abs(hit.edge - static_cast<float>(index)) < 0.5f;
    if (any(filled))
      solid = select(filled, paint(select(filled, hit.solid_distance, 1.0f), filled), solid);
    if (any(rimmed))
      edge = select(rimmed, paint(select(rimmed, hit.edge_distance, 1.0f), rimmed), edge);
    ++index;
  };
  for (const Figure& figure : cast_.figures()) {
    each([&](Float t, Mask lanes)
             HWY_ATTR { return shade_figure(figure, ray, t, lanes, incident, index); });
  }
  for (const Card& card : cast_.cards()) {
    each([&](Float t, Mask lanes)
             HWY_ATTR { return shade_card(card, ray, t, incident, lanes, index); });
  }
  const Mask has_solid = hit.solid > -0.5f;
  return select(has_solid, mix(solid, edge, hit.edge_alpha), edge);
}

Vec3 Actors::shade_figure(const Figure& figure, const Ray& ray, const Float& t, const Mask& lanes,
                          const Incident& incident, int index) const {
  const Vec3 p = ray.at(t);
  Touched touched;
  touch_near(figure, p, lanes, 0.015f * figure.unit_m, touched);
  const Skin skin = skin_at(figure, touched, p);
  Finish f;
  f.normal = skin.normal;
  f.albedo = skin.tint;
  if (figure.coat != nullptr) {
    const Mask fur = is_made_of(skin, Material::kFur);
    if (any(fur & lanes)) finish_fur(figure, skin, fur, f);
    const Mask eye = is_made_of(skin, Material::kEye);
    if (any(eye & lanes)) finish_eye(figure, ray, p, eye, f);
  }
  finish_plain(skin, p, f);

  // The body shades itself: samples of its own distance field, outwards and towards the sun.
  const float unit = figure.belly_radius > 0 ? figure.belly_radius * 2.6f : figure.unit_m;
  Touched around;
  touch_near(figure, p, lanes, 0.05f * unit, around);
  const Vec3 to_sun(light_.to_sun);
  const Float wide = clearance(figure, around, p, skin.normal, 0.11f * unit);
  const Float open = incident.openness * (0.22f + 0.78f * wide);
  const Vec3 lifted = p + skin.normal * (0.02f * unit);
  const Float second = clearance(figure, around, lifted, to_sun, 0.15f * unit);
  const Float own = saturate(second * 1.9f);

  const Float facing = dot(f.normal, to_sun);
  const Float wrap = f.soft * 0.28f;
  const Float direct = saturate((facing + wrap) / (1.0f + wrap));
  const Mask lit = lanes & (direct > 0.0f);
  const Float sun = incident.sun * own * passing(p, lit, index);
  const Float upward = 0.5f + 0.5f * f.normal.y;
  const Vec3 sky = Vec3(light_.ambient) * upward, ground = Vec3(light_.bounce) * (1.0f - upward);
  Vec3 c = f.albedo * (Vec3(light_.sun) * (direct * sun) + (sky + ground) * open);

  const Float grazing = 1.0f - saturate(-dot(f.normal, ray.direction));
  const Float rim = grazing * grazing * grazing * f.soft;
  const Float behind = saturate(0.45f + 0.55f * dot(ray.direction, to_sun));
  c = c +
      (f.albedo * 0.65f + Vec3(Float(0.10f))) *
          ((Vec3(light_.ambient) * open * 0.40f + Vec3(light_.sun) * (sun * behind * 0.55f)) * rim);
  const Vec3 half = normalize(to_sun - ray.direction);
  const Float s = saturate(dot(f.normal, half));
  const Float s2 = s * s, s4 = s2 * s2, s8 = s4 * s4, s16 = s8 * s8;
  c = c + Vec3(light_.sun) * (f.gloss * sun * (s16 * s16 * s8 * 0.55f));
  const Vec3 mirrored = reflect(ray.direction, f.normal);
  const Float up = saturate(mirrored.y * 1.6f + 0.25f);
  const Vec3 seen = mix(Vec3(light_.bounce), mix(Vec3(light_.horizon), Vec3(light_.zenith), up),
                        saturate(mirrored.y * 6.0f + 0.5f));
  c = c + seen * (f.mirror * (0.35f + 0.65f * grazing));
  return c + f.glow;
}

Vec3 Actors::shade_card(const Card& card, const Ray& ray, const Float& t, const Incident& incident,
                        const Mask& lanes, int index) const {
  const Vec3 p = ray.at(t);
  const CardPoint point = card_point(card, p);
  const CardTexel texel = card_texel(card, point);
  const Vec3 albedo = texel.colour * (1.0f / max(texel.alpha, 0.02f));
  constexpr float kRelief = 0.8f;
  const Vec3 n = normalize(Vec3(card.normal) + Vec3(card.towards_u) * (texel.slope_x * kRelief) +
                           Vec3(card.towards_top) * (texel.slope_y * kRelief));
  // The sun behind a card still lights its round edges; a card is never quite dark.
  const Vec3 to_sun(light_.to_sun);
  const float front = dot(light_.to_sun, card.normal);
  const Vec3 sun_side = to_sun + Vec3(card.normal) * std::max(0.0f, 0.25f - front);
  const Float facing = dot(n, normalize(sun_side));
  const Float direct = saturate(facing * 0.82f + 0.18f);
  const Float sun = incident.sun * passing(p, lanes, index);
  const Float upward = 0.5f + 0.5f * n.y;
  Vec3 c =
      albedo *
      (Vec3(light_.sun) * (direct * sun * (front < 0 ? 0.72f : 1.0f)) +
       (Vec3(light_.ambient) * (0.35f + 0.65f * upward) + Vec3(light_.bounce) * (1.0f - upward)) *
           incident.openness);
  const Float grazing = 1.0f - saturate(-dot(n, ray.direction));
  const Float backlight = saturate(dot(ray.direction, to_sun));
  c = c + (Vec3(light_.ambient) * 0.30f + Vec3(light_.sun) * (backlight * 0.45f)) *
              (grazing * grazing * grazing);
  const Vec3 half = normalize(sun_side - ray.direction);
  const Float s = saturate(dot(n, half));
  const Float s2 = s * s, s4 = s2 * s2, s8 = s4 * s4, s16 = s8 * s8;
  return c + Vec3(light_.sun) * (s16 * s16 * s8 * 0.20f * sun);
}

Float Actors::passing(const Vec3& point, const Mask& wanted, int but) const {
  Float passed(1.0f);
  if (light_.softness >= 0.98f) return passed;
  const float sharpness = exact::mix(16.0f, 5.0f, light_.softness);
  int index = 0;
  for (const Figure& figure : cast_.figures()) {
    if (index++ == but) continue;
    passed = passed * pass_figure(figure, point, light_.to_sun, wanted, sharpness);
  }
  for (const Card& card : cast_.cards()) {
    if (index++ == but) continue;
    passed = passed * pass_card(card, point, light_.to_sun, wanted);
  }
  return mix(passed, Float(1.0f), light_.softness);
}

Float Actors::openness(const Vec3& point, const Vec3& normal, const Mask& wanted) const {
  Float open(1.0f);
  for (const Figure& figure : cast_.figures()) {
    const Vec3 to_centre = point - Vec3(figure.centre);
    const Float apart = dot(to_centre, to_centre);
    const float reach = figure.bound * 1.6f;
    const Mask near = wanted & (apart < reach * reach);
    if (none(near)) continue;
    Float dark(1.0f);
    // The trunk is a ball in the sky.
    if (figure.belly_radius > 0.0f) {
      const Vec3 to = Vec3(figure.belly) - point;
      const Float square_distance =
          max(dot(to, to), figure.belly_radius * figure.belly_radius * 0.5f);
      const Float share = max(dot(to, normal), 0.0f) * (figure.belly_radius * figure.belly_radius) /
                          (square_distance * sqrt(square_distance));
      dark = dark * (1.0f - 0.75f * saturate(share));
    }
    if (figure.foot_radius > 0.0f) {
      const float over = 1 / (figure.foot_radius * 1.7f);
      for (const Point foot : figure.feet) {
        const Vec3 off = (point - Vec3(foot)) * over;
        dark = dark * (1.0f - 0.62f * exp_fast(-dot(off, off)));
      }
    }
    // Fades out towards the edge of the reach.
    const Float fade = smoothstep(1.0f, 0.6f, apart * (1.0f / (reach * reach)));
    open = open * select(near, mix(Float(1.0f), dark, fade), 1.0f);
  }
  for (const Card& card : cast_.cards()) open = open * card_contact(card, point, wanted);
  return open;
}

}  // namespace rushes::previz::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
