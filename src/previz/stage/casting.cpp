#include "previz/stage/casting.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "previz/data/data.h"
#include "previz/math/scalar.h"
#include "previz/scene/species.h"

namespace rushes::previz {
namespace {

struct Size {
  std::string_view name;
  float height_m, length_m, width_m;
};

// Modelled things.
constexpr Size kProps[] = {
    {"sun_lounger", 0.75f, 2.0f, 0.75f},
    {"parasol", 2.4f, 2.2f, 2.2f},
    {"beach_ball", 0.45f, 0.45f, 0.45f},
    {"campfire", 0.8f, 0.9f, 0.9f},
};

// Icons whose class does not say how tall they are.
constexpr Size kIcons[] = {
    {"airplane", 2.5f, 5.0f, 1},
    {"ant", 0.4f, 0.5f, 0.2f},
    {"bee", 0.4f, 0.5f, 0.3f},
    {"bicycle", 1.1f, 1.7f, 0.4f},
    {"bird", 0.5f, 0.55f, 0.25f},
    {"blossom", 0.5f, 0.5f, 0.2f},
    {"butterfly", 0.4f, 0.5f, 0.1f},
    {"castle", 7, 7, 3},
    {"deciduous-tree", 4, 3.2f, 2},
    {"dinosaur", 3, 3.4f, 1},
    {"dragon", 3, 3.4f, 1},
    {"evergreen-tree", 4.5f, 3, 2},
    {"giraffe", 4.2f, 2.6f, 0.8f},
    {"hot-air-balloon", 5, 4.5f, 4},
    {"house", 5, 5, 3},
    {"kangaroo", 1.5f, 1.3f, 0.5f},
    {"motorcycle", 1.2f, 2, 0.5f},
    {"mouse", 0.3f, 0.4f, 0.2f},
    {"palm-tree", 4.5f, 3.4f, 2},
    {"rocket", 3.5f, 2.2f, 1},
    {"sailboat", 4, 3.4f, 1.2f},
    {"sauropod", 4.5f, 5.5f, 1.5f},
    {"ship", 5, 6, 2},
    {"spouting-whale", 2.5f, 4, 1.5f},
    {"t-rex", 2.2f, 2.3f, 0.8f},
    {"umbrella-on-ground", 2.3f, 2.3f, 1.5f},
    {"whale", 2.5f, 4.5f, 1.5f},
};

template <size_t N>
const Size* find_size(const Size (&table)[N], std::string_view name) {
  const Size* found = std::find_if(std::begin(table), std::end(table),
                                   [name](const Size& size) { return size.name == name; });
  return found == std::end(table) ? nullptr : found;
}

// Icons are about as wide as they are high.
Size size_of_class(std::string_view icon) {
  switch (icon_class(icon).value_or(IconClass::kOther)) {
    case IconClass::kPerson: return {icon, 1.72f, 0.9f, 0.4f};
    case IconClass::kAnimal: return {icon, 1.0f, 1.15f, 0.4f};
    case IconClass::kPlant: return {icon, 0.9f, 0.8f, 0.4f};
    case IconClass::kFood: return {icon, 0.5f, 0.5f, 0.3f};
    case IconClass::kPlace: return {icon, 5, 5, 2.5f};
    case IconClass::kTransport: return {icon, 1.7f, 2.6f, 1};
    case IconClass::kSky: return {icon, 1.6f, 1.6f, 0.4f};
    case IconClass::kFace:
    case IconClass::kBody:
    case IconClass::kObject:
    case IconClass::kSymbol:
    case IconClass::kFlag:
    case IconClass::kOther: break;
  }
  return {icon, 0.9f, 0.9f, 0.4f};
}

Build natural_build(const Subject& subject) {
  if (subject.form.kind == FormKind::kRig) {
    if (const auto species = find_species(subject.form.name)) {
      return {species->height_m, species->length_m, species->width_m, species->walk_speed,
              species->run_speed};
    }
  }
  const Size* listed = subject.form.kind == FormKind::kProp ? find_size(kProps, subject.form.name)
                                                            : find_size(kIcons, subject.form.name);
  const Size size = listed != nullptr ? *listed : size_of_class(subject.form.name);
  // Strides grow with the root of the size.
  const float stride = exact::sqrt(size.height_m);
  return {size.height_m, size.length_m, size.width_m, stride, 2.8f * stride};
}

}  // namespace

Build build_of(const Subject& subject) {
  constexpr float kHeightMin = 0.3f, kHeightMax = 8;
  Build build = natural_build(subject);
  const float wanted = exact::clamp(build.height_m * exact::clamp(subject.size_scale, 0.1f, 10),
                                    kHeightMin, kHeightMax);
  const float scale = wanted / build.height_m;
  const float pace = exact::sqrt(scale);
  build.height_m *= scale;
  build.length_m *= scale;
  build.width_m *= scale;
  build.walk_speed *= pace;
  build.run_speed *= pace;
  return build;
}

float speed_of(Action action, const Build& build) {
  switch (action) {
    case Action::kWalk:
    case Action::kApproach: return build.walk_speed;
    case Action::kRun:
    case Action::kGallop: return build.run_speed;
    case Action::kRide: return 0.7f * build.run_speed;
    case Action::kDrive: return std::max(4.0f, build.run_speed);
    case Action::kFly: return std::max(2.5f, build.run_speed);
    case Action::kSwim: return build.walk_speed;
    case Action::kIdle:
    case Action::kJump:
    case Action::kSit:
    case Action::kLie:
    case Action::kLook:
    case Action::kWave:
    case Action::kDance:
    case Action::kEat:
    case Action::kDrink:
    case Action::kPlay:
    case Action::kFall:
    case Action::kRise:
    case Action::kSpin:
    case Action::kGlow:
    case Action::kBurn:
    case Action::kFlow: break;
  }
  return 0;
}

}  // namespace rushes::previz
