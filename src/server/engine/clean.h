// clean: what is past its retention goes, bytes first, then the record.
#pragma once

#include "server/engine/services.h"

namespace rushes::engine {

class Clean {
 public:
  Clean(Services services, Options options) : services_(services), options_(std::move(options)) {}

  // Purges one batch; true if there may be more. A crash between the bytes and the record is
  // harmless: the next run removes the bytes again, which is no error, and marks the record.
  Awaitable<bool> clean_batch();

 private:
  Services services_;
  Options options_;
};

}  // namespace rushes::engine
