// RUSHES_EXPORT_BIOME(Model, make_name): what every biome ends with. It defines the maker that
// biomes.h declares: the SceneLoop of the model, compiled once per vector target and chosen at run
// time. Stands outside of all namespaces. Included anew for each target; the maker itself belongs
// to the last one.
#include <memory>

#include "previz/render/scene_loop-inl.h"
#include "previz/render/simd/targets.h"

#undef RUSHES_EXPORT_BIOME
#undef RUSHES_EXPORT_BIOME_TARGET
#define RUSHES_EXPORT_BIOME_TARGET(MODEL)                        \
  HWY_BEFORE_NAMESPACE();                                        \
  namespace rushes::previz::HWY_NAMESPACE {                      \
  namespace {                                                    \
  std::unique_ptr<Scene> create_scene(const SceneSetup& setup) { \
    return std::make_unique<SceneLoop<MODEL>>(setup);            \
  }                                                              \
  }                                                              \
  }                                                              \
  HWY_AFTER_NAMESPACE()

#if HWY_ONCE
#define RUSHES_EXPORT_BIOME(MODEL, MAKE)                                  \
  RUSHES_EXPORT_BIOME_TARGET(MODEL);                                      \
  namespace rushes::previz {                                              \
  HWY_EXPORT(create_scene);                                               \
  std::unique_ptr<Scene> MAKE(const SceneSetup& setup, int64_t targets) { \
    return RUSHES_DISPATCH(targets, create_scene)(setup);                 \
  }                                                                       \
  }                                                                       \
  static_assert(true)
#else
#define RUSHES_EXPORT_BIOME(MODEL, MAKE) RUSHES_EXPORT_BIOME_TARGET(MODEL)
#endif
