// Exclusions: what "no X" and the negative prompt take out of a scene, and what is said about the
// things that no scene of that place can go without.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "previz/language/items.h"
#include "previz/scene/scene.h"

namespace rushes::previz {

struct Exclusion {
  std::string name;                  // as in SceneIR::excluded: "palm" for "palm trees"
  std::string lemma;                 // "palm tree": of the thing, if it can be one
  std::string text;                  // as written: "palm trees"
  const Meaning* meaning = nullptr;  // of the tables; null: a dictionary word
  const Thing* thing = nullptr;      // what the tables draw for it, if anything
};

// What a word that must not be shown names; nothing if it names nothing.
std::optional<Exclusion> exclusion_of(const Item& item);

enum class PlaceOrigin : uint8_t { kNamed, kHabitat };

// Takes the excluded things out of the scene. What is in it and stays leaves a line in
// SceneIR::notes. A place that only its inhabitant suggested gives way to another one.
void apply_exclusions(std::span<const Exclusion> exclusions, PlaceOrigin place, SceneIR& scene);

}  // namespace rushes::previz
