// Grammar: items to a draft, one pass from left to right.
#pragma once

#include <span>

#include "previz/language/draft.h"
#include "previz/language/items.h"

namespace rushes::previz {

// Adds what `items` say to `draft`. Subjects already there that are not mentioned yet can be spoken
// of by a pronoun, a bare verb or their name.
void read_sentences(std::span<const Item> items, Draft& draft);

// Everything nominal in `items` becomes an exclusion: the negative prompt.
void read_negative(std::span<const Item> items, Draft& draft);

}  // namespace rushes::previz
