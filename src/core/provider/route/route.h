// Routes: who may make a model, in which order. An immutable value made at start; any thread.
//
// A route leads from a catalog model, or "*" for every model without a route of its own, to
// targets. Targets are tried by rank; among those of one rank chance decides by weight. A target
// that cannot do what a spec asks for is skipped, and so is one that is not usable now.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/provider/provider.h"

namespace rushes::provider {

struct Target {
  std::string provider;
  std::string model;                 // the upstream's name; empty in a rule: the same name
  int rank = 0;                      // lower first; 0 in a rule: its place in the list
  int weight = 1;                    // at least 1
  std::vector<std::string> dropped;  // in a choice: fields of the spec that it would leave out
  bool takes_extra = false;          // in a choice: it is given Spec::extra
};

struct RouteRule {
  std::string model;  // a catalog name or alias as clients use it, or "*"
  std::vector<Target> targets;
};

// A configured provider as routes need it. The adapter outlives the routes.
struct Maker {
  Settings settings;
  const Adapter* adapter = nullptr;
};

class Routes {
 public:
  // Everything to previz, which can do everything.
  Routes() = default;
  // kInvalidInput for a rule without targets, a second rule for a model, and names that no maker or
  // catalog model has. Without rules everything goes to previz, as above.
  static Result<Routes> create(const catalog::Catalog& catalog, std::vector<RouteRule> rules,
                               std::vector<Maker> makers);

  // The targets that can make `spec`, best first; their `model` is the upstream's name.
  //
  // `account_providers` is the account's own order: these and no others, each with its target of
  // the route or, without one, under the same name; empty: the route as it is. `random` decides
  // within a rank. kUnsupported with the refusal of the first target if none can; kUnavailable if
  // some could but `usable` says no to all of them.
  Result<std::vector<Target>> choose(
      const catalog::Catalog& catalog, const Spec& spec,
      std::span<const std::string> account_providers, uint64_t random,
      const std::function<bool(const std::string& provider)>& usable) const;

  // Under which name `provider` makes `spec`: that of its first target that can; of its first one
  // if none can any more, since documents change while tasks wait.
  std::string upstream_model(const catalog::Catalog& catalog, const Spec& spec,
                             std::string_view provider) const;

 private:
  const std::vector<Target>& targets_of(const catalog::Catalog& catalog,
                                        std::string_view model) const;
  std::vector<Target> ordered(const catalog::Catalog& catalog, const Spec& spec,
                              std::span<const std::string> account_providers) const;
  Result<void> check(const catalog::Catalog& catalog, const Spec& spec, Target& target) const;

  std::map<std::string, std::vector<Target>, std::less<>> targets_by_model_;
  std::map<std::string, Maker, std::less<>> makers_;
};

}  // namespace rushes::provider
