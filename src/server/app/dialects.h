// The wire APIs that this program speaks. A new one is a folder under core/dialect and a line here.
#pragma once

#include <string_view>
#include <vector>

#include "core/dialect/aiml/aiml.h"
#include "core/dialect/kling/kling.h"

namespace rushes::app {

struct Dialects {
  const dialect::kling::KlingDialect kling;
  const dialect::aiml::AimlDialect aiml;

  // The first one answers what belongs to none.
  std::vector<const dialect::Dialect*> all() const { return {&kling, &aiml}; }
  // Null if no dialect has that name.
  const dialect::Dialect* find(std::string_view name) const {
    for (const dialect::Dialect* dialect : all()) {
      if (dialect->name() == name) return dialect;
    }
    return nullptr;
  }
};

}  // namespace rushes::app
