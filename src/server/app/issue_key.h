// Making a key in an open store; shared by `rushes key create` and the first start.
#pragma once

#include "edge/platform/clock.h"
#include "edge/store/store.h"
#include "server/app/app.h"
#include "server/app/data_directory.h"

namespace rushes::app {

struct KeyMaker {
  store::Store& store;
  const DataDirectory& directory;
  const Clock& clock;
  Entropy& entropy;

  // kInvalidInput for a bad account name or label.
  Result<IssuedKey> issue(NewKey wanted);
};

}  // namespace rushes::app
