// The documents under catalog/ as they were when the program was built. The definition is generated
// by this folder's CMakeLists.txt.
#pragma once

#include <vector>

#include "core/catalog/catalog.h"

namespace rushes::catalog {

std::vector<Document> embedded_documents();

}  // namespace rushes::catalog
