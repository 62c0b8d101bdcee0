// The list of biomes: the one place that names them all. A biome is one .cpp (biome/<name>.cpp)
// that models the contract in render/README.md and exports one maker.
#pragma once

#include <cstdint>
#include <memory>

#include "previz/render/scene.h"

namespace rushes::previz {

// `targets` is a mask of Highway targets to choose from; 0 takes the best this machine has.
using SceneMaker = std::unique_ptr<Scene> (*)(const SceneSetup& setup, int64_t targets);

std::unique_ptr<Scene> make_field(const SceneSetup& setup, int64_t targets);
std::unique_ptr<Scene> make_mountain(const SceneSetup& setup, int64_t targets);
std::unique_ptr<Scene> make_forest(const SceneSetup& setup, int64_t targets);
std::unique_ptr<Scene> make_beach(const SceneSetup& setup, int64_t targets);
std::unique_ptr<Scene> make_sea(const SceneSetup& setup, int64_t targets);

SceneMaker find_scene_maker(Biome biome);

}  // namespace rushes::previz
