// How large the texts of a task may be in any store.
#pragma once

#include "edge/store/store.h"

namespace rushes::store {

inline constexpr size_t kSpecBytesMax = 256 * 1024;  // as JSON
inline constexpr size_t kNameBytesMax = 255;         // keys, words, names of accounts
inline constexpr size_t kExternalIdBytesMax = 1024;  // 256 code points of 4 bytes
inline constexpr size_t kNoteCountMax = 64;
inline constexpr size_t kNoteBytesMax = 1000;
inline constexpr size_t kTextBytesMax = 2000;  // failure messages, event details
inline constexpr int kListLimitMax = 500;
inline constexpr size_t kSettingsCountMax = 64;  // networks, models or providers of an account
inline constexpr size_t kUrlBytesMax = 4096;
inline constexpr size_t kBodyBytesMax = 1024 * 1024;  // of a delivery
inline constexpr size_t kReplyBytesMax = 4096;
inline constexpr size_t kSealedBytesMax = 64 * 1024;
inline constexpr int kWebhookSecretsMax = 4;   // of an account
inline constexpr int kTestDeliveriesMax = 50;  // of an account
inline constexpr int kTriesKeptMax = 100;      // of a delivery; the oldest go

// kLimitExceeded or kInvalidInput for what somebody gave; broken invariants end the process.
Result<void> check_bounds(const NewTask& task, size_t spec_size_bytes);
Result<void> check_bounds(const AccountSettings& settings);
Result<void> check_bounds(const Delivery& delivery);
Result<void> check_sealed(std::string_view name, std::string_view sealed);

// The value with its texts cut (between code points) to the limits.
Change within_bounds(Change change);
Attempt within_bounds(Attempt attempt);
DeliveryTry within_bounds(DeliveryTry attempt);

}  // namespace rushes::store
