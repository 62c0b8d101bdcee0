#include "server/engine/pins.h"

#include <array>

#include "base/bytes.h"
#include "base/crypto/digest.h"
#include "base/json/value.h"

namespace rushes::engine {
namespace {

using provider::Credential;
using provider::Settings;

struct SettingsText {
  std::string_view name;
  std::string Settings::* value;
};
constexpr std::array kSettingsTexts = std::to_array<SettingsText>({
    {"name", &Settings::name},
    {"adapter", &Settings::adapter},
    {"base_url", &Settings::base_url},
    {"path_prefix", &Settings::path_prefix},
    {"family", &Settings::family},
});

struct SettingsFlag {
  std::string_view name;
  bool Settings::* value;
};
constexpr std::array kSettingsFlags = std::to_array<SettingsFlag>({
    {"lookup_by_handle", &Settings::lookup_by_handle},
    {"free_to_repeat", &Settings::free_to_repeat},
    {"volatile_store", &Settings::volatile_store},
});

struct CredentialText {
  std::string_view name;
  std::string Credential::* value;
};
constexpr std::array kCredentialTexts = std::to_array<CredentialText>({
    {"label", &Credential::label},
    {"api_key", &Credential::api_key},
    {"access_key", &Credential::access_key},
    {"secret_key", &Credential::secret_key},
});

std::string to_text(const Pin& pin) {
  json::Object settings, credential;
  for (const auto& [name, value] : kSettingsTexts) settings.emplace_back(name, pin.settings.*value);
  for (const auto& [name, value] : kSettingsFlags) settings.emplace_back(name, pin.settings.*value);
  for (const auto& [name, value] : kCredentialTexts) {
    credential.emplace_back(name, pin.credential.*value);
  }
  return json::to_text(
      json::Object{{"settings", std::move(settings)}, {"credential", std::move(credential)}});
}

Result<Pin> from_text(std::string_view text) {
  TRY(const json::Value document, json::parse(text));
  const json::Value* settings = document.find("settings");
  const json::Value* credential = document.find("credential");
  if (settings == nullptr || credential == nullptr) {
    return fail(ErrorCode::kCorrupt, "frozen settings of an attempt: a part is missing");
  }
  Pin pin;
  for (const auto& [name, value] : kSettingsTexts) {
    pin.settings.*value = settings->string_or(name, "");
  }
  for (const auto& [name, value] : kSettingsFlags) {
    const json::Value* flag = settings->find(name);
    pin.settings.*value = flag != nullptr && *flag == json::Value(true);
  }
  for (const auto& [name, value] : kCredentialTexts) {
    pin.credential.*value = credential->string_or(name, "");
  }
  return pin;
}

}  // namespace

Awaitable<Result<std::string>> Pins::keep(Pin pin) {
  const std::string text = to_text(pin);
  std::string fingerprint = to_hex(hmac_sha256(services_.secret.derive("pin-fingerprint"), text));
  if (known_.contains(fingerprint)) co_return fingerprint;
  std::string sealed = services_.secret.seal(text, fingerprint,
                                             services_.entropy.bytes(access::kSealNonceSizeBytes));
  const auto kept = co_await services_.store.keep_pin(fingerprint, std::move(sealed));
  if (!kept) co_return std::unexpected(kept.error());
  known_.emplace(fingerprint, std::make_shared<const Pin>(std::move(pin)));
  co_return fingerprint;
}

Awaitable<Result<std::shared_ptr<const Pin>>> Pins::find(std::string fingerprint) {
  if (const auto found = known_.find(fingerprint); found != known_.end()) co_return found->second;
  const auto sealed = co_await services_.store.find_pin(fingerprint);
  if (!sealed) co_return std::unexpected(sealed.error());
  if (!*sealed) co_return fail(ErrorCode::kNotFound, "the frozen settings of an attempt are gone");
  CO_TRY(const std::string text, services_.secret.open(**sealed, fingerprint));
  CO_TRY(Pin pin, from_text(text));
  auto shared = std::make_shared<const Pin>(std::move(pin));
  known_.emplace(std::move(fingerprint), shared);
  co_return shared;
}

}  // namespace rushes::engine
