// The webhook secrets of accounts, as they lie in the store: sealed with the server's secret, each
// bound to its account.
#pragma once

#include <string>
#include <string_view>

#include "core/access/secret.h"
#include "core/task/task.h"
#include "core/webhook/signature.h"
#include "edge/platform/clock.h"

namespace rushes::engine {

std::string seal_webhook_secret(const access::ServerSecret& server, const AccountId& account,
                                const webhook::Secret& secret, Entropy& entropy);
// kCorrupt if it was sealed with another server's secret or for another account.
Result<webhook::Secret> open_webhook_secret(const access::ServerSecret& server,
                                            const AccountId& account, std::string_view sealed);

}  // namespace rushes::engine
