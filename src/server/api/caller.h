// Caller: the account behind a request, and what its operator allows it.
#pragma once

#include <string_view>
#include <vector>

#include "core/catalog/catalog.h"
#include "edge/http/egress_guard.h"
#include "edge/store/account.h"

namespace rushes::api {

class Caller {
 public:
  enum class Status { kActive, kSuspended, kInArrears };

  explicit Caller(store::Account account);

  const AccountId& id() const { return account_.id; }
  Status status() const { return status_; }
  // `peer` is the address that the connection came from.
  bool may_call_from(std::string_view peer) const;
  // A model of the catalog, by name or alias; the operator's list may use either too.
  bool may_use(const catalog::Catalog& catalog, std::string_view model) const;

 private:
  store::Account account_;
  Status status_ = Status::kSuspended;
  std::vector<http::Network> networks_;  // of the settings; one that cannot be read lets nobody in
};

}  // namespace rushes::api
