#include "core/provider/route/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace rushes::provider {
namespace {

constexpr std::string_view kEveryModel = "*";
constexpr std::string_view kPreviz = "previz";
constexpr int kWeightMax = 1'000'000;
constexpr size_t kTargetsMax = 100;

std::unexpected<Error> refuse(std::string message) {
  return fail_user(ErrorCode::kInvalidInput, std::move(message));
}

const std::vector<Target>& previz_only() {
  static const std::vector<Target> targets{{.provider = std::string(kPreviz), .rank = 1}};
  return targets;
}

// SplitMix64: one random number makes as many as there are ranks.
uint64_t next(uint64_t& state) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// Within each rank, draws one after the other, each with its share of the weight that is left. The
// bias of the remainder is below 10^-10 for weights of this size.
void shuffle_ranks(std::vector<Target>& targets, uint64_t random) {
  for (size_t first = 0; first < targets.size(); ++first) {
    const auto begin = targets.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = std::find_if(begin, targets.end(),
                                  [&](const Target& target) { return target.rank != begin->rank; });
    uint64_t sum = 0;
    for (auto at = begin; at != end; ++at) sum += static_cast<uint64_t>(at->weight);
    uint64_t drawn = next(random) % sum;
    auto chosen = begin;
    while (drawn >= static_cast<uint64_t>(chosen->weight)) {
      drawn -= static_cast<uint64_t>(chosen->weight);
      ++chosen;
    }
    std::rotate(begin, chosen, chosen + 1);
  }
}

Result<void> check_rule(const RouteRule& rule) {
  if (rule.targets.empty() || rule.targets.size() > kTargetsMax) {
    return refuse(fmt::format("route '{}' has {} targets: allowed is 1 to {}", rule.model,
                              rule.targets.size(), kTargetsMax));
  }
  for (const Target& target : rule.targets) {
    if (target.weight < 1 || target.weight > kWeightMax) {
      return refuse(fmt::format("route '{}': weight value '{}' is invalid: allowed is 1 to {}",
                                rule.model, target.weight, kWeightMax));
    }
    if (target.rank < 0) {
      return refuse(fmt::format("route '{}': rank value '{}' is invalid: it must not be negative",
                                rule.model, target.rank));
    }
  }
  return {};
}

}  // namespace

Result<Routes> Routes::create(const catalog::Catalog& catalog, std::vector<RouteRule> rules,
                              std::vector<Maker> makers) {
  Routes routes;
  for (Maker& maker : makers) {
    std::string name = maker.settings.name;
    if (!routes.makers_.emplace(name, std::move(maker)).second) {
      return refuse(fmt::format("provider '{}' is configured twice", name));
    }
  }
  for (RouteRule& rule : rules) {
    TRY_VOID(check_rule(rule));
    const catalog::Model* model = catalog.find_model(rule.model);
    if (!model && rule.model != kEveryModel) {
      return refuse(fmt::format("route '{}': the catalog has no such model", rule.model));
    }
    for (size_t i = 0; i < rule.targets.size(); ++i) {
      Target& target = rule.targets[i];
      if (!routes.makers_.contains(target.provider)) {
        return refuse(fmt::format("route '{}': provider value '{}' is invalid: not configured",
                                  rule.model, target.provider));
      }
      if (target.rank == 0) target.rank = static_cast<int>(i) + 1;
    }
    std::ranges::stable_sort(rule.targets, {}, &Target::rank);
    const std::string key = model ? model->name : rule.model;
    if (!routes.targets_by_model_.emplace(key, std::move(rule.targets)).second) {
      return refuse(fmt::format("route '{}' exists twice", rule.model));
    }
  }
  return routes;
}

const std::vector<Target>& Routes::targets_of(const catalog::Catalog& catalog,
                                              std::string_view model) const {
  const catalog::Model* known = catalog.find_model(model);
  auto found = targets_by_model_.find(known ? std::string_view(known->name) : model);
  if (found == targets_by_model_.end()) found = targets_by_model_.find(kEveryModel);
  return found != targets_by_model_.end() ? found->second : previz_only();
}

std::vector<Target> Routes::ordered(const catalog::Catalog& catalog, const Spec& spec,
                                    std::span<const std::string> account_providers) const {
  const std::vector<Target>& all = targets_of(catalog, spec.model);
  if (account_providers.empty()) return all;
  std::vector<Target> targets;
  int rank = 0;
  for (const std::string& provider : account_providers) {
    ++rank;
    const size_t before = targets.size();
    for (const Target& target : all) {
      if (target.provider != provider) continue;
      targets.push_back(target);
      targets.back().rank = rank;
    }
    const bool is_known = provider == kPreviz || makers_.contains(provider);
    if (targets.size() == before && is_known) {
      targets.push_back({.provider = provider, .rank = rank});
    }
  }
  return targets;
}

// Completes `target`: its upstream name, what it would leave out, and what it takes besides.
Result<void> Routes::check(const catalog::Catalog& catalog, const Spec& spec,
                           Target& target) const {
  if (target.model.empty()) target.model = spec.model;
  const auto maker = makers_.find(target.provider);
  if (maker == makers_.end()) return {};  // the previz of a server without configuration
  const Maker& found = maker->second;
  target.takes_extra = !spec.extra.empty() &&
                       spec.extra.dialect == found.adapter->capabilities(found.settings).dialect;
  return found.adapter->check(found.settings, catalog, target.model, spec, target.dropped);
}

Result<std::vector<Target>> Routes::choose(
    const catalog::Catalog& catalog, const Spec& spec,
    std::span<const std::string> account_providers, uint64_t random,
    const std::function<bool(const std::string& provider)>& usable) const {
  std::vector<Target> candidates = ordered(catalog, spec, account_providers);
  if (candidates.empty()) {
    return fail_user(ErrorCode::kUnsupported, "no provider of this account can make it");
  }
  std::optional<Error> refusal;
  std::vector<Target> able;
  for (Target& target : candidates) {
    auto checked = check(catalog, spec, target);
    if (checked) {
      able.push_back(std::move(target));
    } else if (!refusal) {
      refusal = std::move(checked).error();
    }
  }
  if (able.empty()) return std::unexpected(*std::move(refusal));
  std::erase_if(able, [&](const Target& target) { return !usable(target.provider); });
  if (able.empty()) return fail(ErrorCode::kUnavailable, "no provider of the route is usable now");
  shuffle_ranks(able, random);
  return able;
}

std::string Routes::upstream_model(const catalog::Catalog& catalog, const Spec& spec,
                                   std::string_view provider) const {
  std::optional<std::string> first;
  for (Target target : targets_of(catalog, spec.model)) {
    if (target.provider != provider) continue;
    const bool can = check(catalog, spec, target).has_value();
    if (can) return target.model;
    if (!first) first = std::move(target.model);
  }
  return first.value_or(spec.model);
}

}  // namespace rushes::provider
