#include "previz/render/actors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "previz/data/data.h"
#include "previz/math/scalar.h"
#include "previz/render/prop/prop.h"
#include "previz/scene/wardrobe.h"

namespace rushes::previz {
namespace {

struct Wardrobe {
  std::string_view icon;
  Garment garment;
  Point colour;
};
// What an animal can wear; other icons need a body that it does not have.
constexpr Wardrobe kWardrobe[] = {
    {"sunglasses", Garment::kSunglasses, {0.020f, 0.020f, 0.022f}},
    {"glasses", Garment::kSunglasses, {0.030f, 0.022f, 0.020f}},
    {"goggles", Garment::kSunglasses, {0.05f, 0.10f, 0.16f}},
    {"top-hat", Garment::kHat, {0.020f, 0.020f, 0.024f}},
    {"womans-hat", Garment::kHat, {0.62f, 0.42f, 0.17f}},
    {"billed-cap", Garment::kHat, {0.05f, 0.14f, 0.42f}},
    {"crown", Garment::kCrown, {0.86f, 0.55f, 0.10f}},
    {"scarf", Garment::kScarf, {0.55f, 0.045f, 0.040f}},
    {"necktie", Garment::kBow, {0.30f, 0.02f, 0.03f}},
    {"ribbon", Garment::kBow, {0.70f, 0.10f, 0.22f}},
};

std::vector<Worn> dress(const Actor& actor) {
  std::vector<Worn> worn;
  for (const Accessory& accessory : actor.accessories) {
    for (const Wardrobe& item : kWardrobe) {
      if (item.icon != accessory.form.name || worn.size() >= kWornByAnimalMax) continue;
      worn.push_back({item.garment, accessory.colour ? to_linear(*accessory.colour) : item.colour});
    }
  }
  return worn;
}

}  // namespace

Cast::Cast(const SceneSetup& setup) : speed_scale_(std::max(setup.shot.speed, 0.05f)) {
  std::vector<SpriteOrder> orders;
  std::vector<std::pair<const Actor*, size_t>> shown;
  const size_t count = std::min(setup.shot.actors.size(), kActorsMax);
  for (size_t i = 0; i < count; ++i) {
    const Actor& actor = setup.shot.actors[i];
    if (actor.form.kind == FormKind::kRig) {
      add_animal(actor);
    } else if (actor.form.kind == FormKind::kProp) {
      props_.push_back(&actor);
    } else {
      SpriteOrder order{actor.form.name, actor.colours, actor.accessories, actor.recline};
      const auto same = std::find_if(orders.begin(), orders.end(), [&](const SpriteOrder& o) {
        return o.icon == order.icon && o.colours == order.colours &&
               o.accessories == order.accessories && o.recline == order.recline;
      });
      shown.emplace_back(&actor, static_cast<size_t>(same - orders.begin()));
      if (same == orders.end()) orders.push_back(std::move(order));
    }
  }
  sprites_.resize(orders.size());
  setup.pool.for_each(static_cast<int>(orders.size()), [&](int i) {
    const auto index = static_cast<size_t>(i);
    sprites_[index] = std::make_unique<const Sprite>(make_sprite(orders[index], &icon_svg));
  });
  for (const auto& [actor, sprite] : shown) {
    cutouts_.push_back({actor, sprites_[sprite].get(), sprites_[sprite]->anchors});
  }
  figures_.resize(animals_.size() + props_.size());
  cards_.resize(cutouts_.size());
}

void Cast::add_animal(const Actor& actor) {
  const Anatomy* anatomy = find_anatomy(actor.form.name);
  if (!anatomy) anatomy = find_anatomy("dog");
  Animal animal{&actor, anatomy, recoloured(anatomy->coat, actor.colours), rest_height(*anatomy),
                dress(actor)};
  animal.coat.seed = actor.seed;
  animals_.push_back(std::move(animal));
}

void Cast::pose(const Moment& now, const GroundHeight& ground) {
  for (size_t i = 0; i < animals_.size(); ++i) pose_animal(animals_[i], now, ground, figures_[i]);
  for (size_t i = 0; i < props_.size(); ++i) {
    const Actor& actor = *props_[i];
    Point at = actor.start + actor.velocity * now.shot_seconds;
    at.y += ground(at.x, at.z);
    build_prop(actor, at, now.seconds, figures_[animals_.size() + i]);
  }
  for (size_t i = 0; i < cutouts_.size(); ++i) {
    const Actor& actor = *cutouts_[i].actor;
    const Point at = actor.start + actor.velocity * now.shot_seconds;
    cards_[i] =
        place_card(actor, *cutouts_[i].sprite, cutouts_[i].anchors, ground(at.x, at.z), now);
  }
}

void Cast::pose_animal(const Animal& animal, const Moment& now, const GroundHeight& ground,
                       Figure& out) const {
  const Actor& actor = *animal.actor;
  Placement placement;
  placement.unit_m = actor.height_m / animal.rest_height;
  placement.base = actor.start + actor.velocity * now.shot_seconds;
  placement.base.y += ground(placement.base.x, placement.base.z);

  ClipInput input;
  input.action = actor.action;
  input.unit_m = placement.unit_m;
  const float speed = length(Point{actor.velocity.x, 0, actor.velocity.z});
  input.speed = speed / placement.unit_m / speed_scale_;
  input.travelled = speed * now.pose_seconds / placement.unit_m;
  input.seconds = now.pose_seconds * speed_scale_;
  input.phase = actor.phase;
  input.seed = actor.seed;
  // Where the camera is, seen from the animal: it likes to look there.
  const Point to = now.camera.position - placement.base;
  const Frame facing = turned(0, actor.heading, 0);
  const Point local = facing.inverse(to);
  input.look_yaw = exact::clamp(exact::atan2(local.z, local.x), -1.5f, 1.5f);
  const BodyState state = clip_state(*animal.anatomy, input);
  placement.facing = turned(0, actor.heading + state.turn, 0);
  build_animal(*animal.anatomy, state, placement, animal.worn, out);
  out.coat = &animal.coat;
  out.seed = actor.seed;
}

}  // namespace rushes::previz
