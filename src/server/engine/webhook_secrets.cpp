#include "server/engine/webhook_secrets.h"

namespace rushes::engine {
namespace {

std::string context_of(const AccountId& account) { return "webhook " + account.value; }

}  // namespace

std::string seal_webhook_secret(const access::ServerSecret& server, const AccountId& account,
                                const webhook::Secret& secret, Entropy& entropy) {
  return server.seal(secret.to_string(), context_of(account),
                     entropy.bytes(access::kSealNonceSizeBytes));
}

Result<webhook::Secret> open_webhook_secret(const access::ServerSecret& server,
                                            const AccountId& account, std::string_view sealed) {
  TRY(const std::string text, server.open(sealed, context_of(account)));
  return webhook::Secret::parse(text);
}

}  // namespace rushes::engine
