// Wardrobe: what becomes in a picture of the things that somebody wears or carries; shared by the
// director, who sets down what nobody can hold, and the report of what is drawn.
#pragma once

#include <cstddef>

#include "previz/scene/scene.h"

namespace rushes::previz {

enum class Carriage {
  kWorn,    // drawn on its owner
  kBeside,  // set down next to its owner: paws hold nothing
  kAbsent,  // clothes that have no place on the owner's picture
};

// An animal wears the first ones; on an icon there is room for all.
inline constexpr size_t kWornByAnimalMax = 3;

Carriage carriage_of(const Form& owner, const Form& thing);

}  // namespace rushes::previz
