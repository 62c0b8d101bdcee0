// Checks of settings and specs that adapters share.
#pragma once

#include <string>
#include <string_view>

#include "core/provider/provider.h"

namespace rushes::provider {

// base_url is an absolute http or https URL without path, query or user; path_prefix is empty or
// like "/kling".
Result<void> check_address(const Settings& settings);

// An API key, or an AccessKey with its SecretKey; visible ASCII, since they travel in headers.
Result<void> check_key_or_pair(const Credential& credential);
// An API key and nothing else.
Result<void> check_key(const Credential& credential);

// `text` with every `word` in it replaced, where it is not part of a longer name.
std::string replace_word(std::string_view text, std::string_view word,
                         std::string_view replacement);

}  // namespace rushes::provider
