// What the upstream can make under one of its names, and whether that is what a spec asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/catalog/catalog.h"
#include "core/provider/provider.h"

namespace rushes::provider::aiml {

// Of the catalog's profile aiml/aiml: by its name, or by the catalog model and the spec's mode.
// Null if there is none.
const catalog::Offer* find_offer(const catalog::Catalog& catalog, std::string_view model,
                                 const Spec& spec);

// kUnsupported with a text for the client, who reads its own model's name.
Result<void> check_offer(const catalog::Catalog& catalog, const catalog::Offer& offer,
                         const Spec& spec);

// Fields of the spec that the offer has no place for and that do no harm when they are missing.
std::vector<std::string> left_out(const catalog::Offer& offer, const Spec& spec);

// How long each of `count` shots is that share `duration_s`: the first ones get the remainder.
std::vector<int> even_split(int duration_s, size_t count);

// The axis that moves; nothing if none does, which is no movement at all.
const CameraAxis* moving_axis(const CameraControl& camera);

}  // namespace rushes::provider::aiml
