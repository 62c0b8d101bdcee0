#include "edge/store/delivery.h"

#include "base/words.h"

namespace rushes::store {
namespace {

constexpr Words<DeliveryState, 5> kStates{{{DeliveryState::kPending, "pending"},
                                           {DeliveryState::kDelivered, "delivered"},
                                           {DeliveryState::kGone, "gone"},
                                           {DeliveryState::kExhausted, "exhausted"},
                                           {DeliveryState::kSuperseded, "superseded"}}};

}  // namespace

std::string_view to_string(DeliveryState state) { return word_of(kStates, state); }

std::optional<DeliveryState> parse_delivery_state(std::string_view word) {
  return parse_word(kStates, word);
}

}  // namespace rushes::store
