#include "edge/blob/conformance.h"
#include "edge/blob/disk/disk_blob_store.h"

namespace rushes::blob {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Stores, BlobConformance,
    ::testing::Values(std::pair<const char*, OpenStore>{
        "disk", [](const std::string& directory) { return open_disk_blob_store(directory); }}),
    [](const auto& instance) { return std::string(instance.param.first); });

}  // namespace
}  // namespace rushes::blob
