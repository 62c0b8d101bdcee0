// Cast: everybody on the set, posed for a moment, in plain numbers. actors-inl.h looks at it with
// rays. Owned by one scene; pose() is called before each sample by the scene's thread, then many
// threads read.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "previz/render/card/card.h"
#include "previz/render/rig/anatomy.h"
#include "previz/render/rig/figure.h"
#include "previz/render/rig/skeleton.h"
#include "previz/render/scene.h"
#include "previz/scene/shot.h"

namespace rushes::previz {

// Height of the set's ground at (x, z).
using GroundHeight = std::function<float(float x, float z)>;

class Cast {
 public:
  // Bakes sprites in parallel. Actors beyond kActorsMax stay away.
  explicit Cast(const SceneSetup& setup);

  void pose(const Moment& now, const GroundHeight& ground);

  bool empty() const { return figures_.empty() && cards_.empty(); }
  const std::vector<Figure>& figures() const { return figures_; }
  const std::vector<Card>& cards() const { return cards_; }

 private:
  struct Animal {
    const Actor* actor = nullptr;
    const Anatomy* anatomy = nullptr;
    Coat coat;
    float rest_height = 1;
    std::vector<Worn> worn;
  };
  struct Cutout {
    const Actor* actor = nullptr;
    const Sprite* sprite = nullptr;
    IconAnchors anchors;
  };

  void add_animal(const Actor& actor);
  void pose_animal(const Animal& animal, const Moment& now, const GroundHeight& ground,
                   Figure& out) const;

  float speed_scale_ = 1;
  std::vector<Animal> animals_;
  std::vector<const Actor*> props_;
  std::vector<Cutout> cutouts_;
  std::vector<std::unique_ptr<const Sprite>> sprites_;
  std::vector<Figure> figures_;  // animals, then props
  std::vector<Card> cards_;
};

}  // namespace rushes::previz
