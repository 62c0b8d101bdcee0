// Species: sizes of everything the rigs can draw, shared by the director (framing) and the rigs.
#pragma once

#include <optional>
#include <string_view>

namespace rushes::previz {

// Metres, of a grown animal standing: box height to the top of the head, length nose to rump (tail
// included where it sticks out), width. Speeds in metres a second.
struct Species {
  std::string_view name;
  float height_m, length_m, width_m;
  float walk_speed, run_speed;
};

// Nothing if no rig draws it.
std::optional<Species> find_species(std::string_view name);

}  // namespace rushes::previz
