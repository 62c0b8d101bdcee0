#include "previz/scene/species.h"

#include <algorithm>
#include <iterator>

namespace rushes::previz {
namespace {

// Heights of grown animals as field guides give them; lengths and widths are those of the figures
// that the rig builds at that height (tail included).
constexpr Species kSpecies[] = {
    {"bear", 1.35f, 2.65f, 0.80f, 1.3f, 6.5f},   {"cat", 0.36f, 0.58f, 0.17f, 0.7f, 4.2f},
    {"cow", 1.60f, 3.4f, 0.78f, 1.1f, 4.5f},     {"deer", 1.45f, 1.98f, 0.46f, 1.2f, 9.0f},
    {"dog", 0.68f, 1.18f, 0.26f, 1.1f, 6.0f},    {"elephant", 3.30f, 6.2f, 2.4f, 1.5f, 5.0f},
    {"fox", 0.50f, 1.10f, 0.20f, 0.9f, 5.5f},    {"horse", 2.15f, 3.2f, 0.66f, 1.6f, 9.5f},
    {"lion", 1.25f, 2.60f, 0.62f, 1.2f, 7.5f},   {"pig", 0.80f, 1.45f, 0.46f, 0.9f, 3.2f},
    {"rabbit", 0.38f, 0.42f, 0.13f, 0.7f, 5.0f}, {"raccoon", 0.42f, 0.98f, 0.25f, 0.7f, 3.1f},
    {"sheep", 0.95f, 1.7f, 0.50f, 0.9f, 3.8f},   {"tiger", 1.15f, 2.70f, 0.52f, 1.2f, 7.5f},
    {"wolf", 0.95f, 1.82f, 0.34f, 1.3f, 7.0f},
};

}  // namespace

std::optional<Species> find_species(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kSpecies), std::end(kSpecies),
                   [name](const Species& species) { return species.name == name; });
  if (found == std::end(kSpecies)) return std::nullopt;
  return *found;
}

}  // namespace rushes::previz
