#include "previz/scene/wardrobe.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace rushes::previz {
namespace {

// On animals and on icons.
constexpr std::string_view kWornByAll[] = {"sunglasses", "glasses",    "goggles", "top-hat",
                                           "womans-hat", "billed-cap", "crown",   "scarf",
                                           "necktie",    "ribbon"};
constexpr std::string_view kWornByCards[] = {"graduation-cap", "military-helmet",
                                             "rescue-workers-helmet", "headphone", "prayer-beads"};
constexpr std::string_view kClothes[] = {
    "diving-mask", "coat",         "dress",       "kimono",       "sari",
    "t-shirt",     "jeans",        "shorts",      "bikini",       "one-piece-swimsuit",
    "gloves",      "boxing-glove", "socks",       "running-shoe", "womans-boot",
    "hiking-boot", "roller-skate", "safety-vest", "ring",         "watch"};

template <size_t N>
bool is_one_of(const std::string& name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

Carriage carriage_of(const Form& owner, const Form& thing) {
  const bool is_for_cards = is_one_of(thing.name, kWornByCards);
  if (owner.kind != FormKind::kProp) {
    if (is_one_of(thing.name, kWornByAll)) return Carriage::kWorn;
    if (is_for_cards && owner.kind == FormKind::kCard) return Carriage::kWorn;
  }
  return is_for_cards || is_one_of(thing.name, kClothes) ? Carriage::kAbsent : Carriage::kBeside;
}

}  // namespace rushes::previz
