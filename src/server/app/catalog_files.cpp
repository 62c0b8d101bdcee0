#include "server/app/catalog_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "edge/platform/files.h"
#include "server/app/app.h"
#include "server/app/dialects.h"

namespace rushes::app {
namespace {

constexpr size_t kDocumentSizeMax = 1 << 20;
constexpr size_t kDocumentsMax = 1000;

Result<std::vector<catalog::Document>> read_documents(const std::string& directory) {
  std::vector<catalog::Document> documents;
  std::error_code error;
  for (auto at = std::filesystem::recursive_directory_iterator(directory, error);
       !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    if (at->path().extension() != ".json") continue;
    if (documents.size() == kDocumentsMax) {
      return fail_user(
          ErrorCode::kInvalidInput,
          fmt::format("catalog.directory {}: more than {} documents", directory, kDocumentsMax));
    }
    TRY(std::string text, files::read(at->path(), kDocumentSizeMax));
    documents.push_back({at->path().lexically_relative(directory), std::move(text)});
  }
  if (error) {
    return fail_user(ErrorCode::kInvalidInput,
                     fmt::format("catalog.directory {}: {}", directory, error.message()));
  }
  std::ranges::sort(documents, {}, &catalog::Document::path);
  return documents;
}

const catalog::Profile* profile_named(const catalog::Catalog& catalog, std::string_view name) {
  const auto found = std::ranges::find(catalog.profiles(), name, &catalog::Profile::name);
  return found == catalog.profiles().end() ? nullptr : &*found;
}

Error no_such_profile(const catalog::Catalog& catalog, std::string_view name) {
  std::string known;
  for (const catalog::Profile& profile : catalog.profiles()) {
    known += (known.empty() ? "" : ", ") + profile.name;
  }
  return Error{ErrorCode::kInvalidInput,
               fmt::format("profile '{}' is unknown: there are {}", name, known),
               {}};
}

}  // namespace

Result<catalog::Catalog> load_catalog(const config::Config& config) {
  std::vector<catalog::Document> overrides;
  if (!config.catalog.directory.empty()) {
    TRY(overrides, read_documents(config.catalog.directory));
  }
  return catalog::Catalog::load(std::move(overrides));
}

Result<json::Value> describe_profile(const config::Config& config, std::string_view name) {
  TRY(const catalog::Catalog catalog, load_catalog(config));
  const catalog::Profile* profile = profile_named(catalog, name);
  if (profile == nullptr) return std::unexpected(no_such_profile(catalog, name));
  return catalog.to_json(*profile);
}

Result<json::Value> check_request(const config::Config& config, std::string_view name,
                                  std::string_view body) {
  TRY(const catalog::Catalog catalog, load_catalog(config));
  const catalog::Profile* profile = profile_named(catalog, name);
  if (profile == nullptr) return std::unexpected(no_such_profile(catalog, name));
  const Dialects dialects;
  const dialect::Dialect* dialect = dialects.find(profile->dialect);
  if (dialect == nullptr) {
    return fail_user(
        ErrorCode::kInvalidInput,
        fmt::format("profile '{}' is of the dialect {}, which is unknown", name, profile->dialect));
  }
  wire::Request request;
  request.method = "POST";
  request.target = profile->mount;
  request.body = body;
  const auto refused = [&](const dialect::Refusal& refusal) {
    // The text a client would get, out of the reply it would get.
    const dialect::ReplyContext context{.request_id = "check", .request = request};
    const auto reply = json::parse(dialect->encode_refusal(context, refusal).body);
    json::Object verdict{{"ok", false}};
    if (reply) {
      if (const json::Value* code = reply->find("code")) verdict.emplace_back("code", *code);
      verdict.emplace_back("message", reply->string_or("message", ""));
    }
    return json::Value(std::move(verdict));
  };
  const auto parsed = dialect->parse_body(request);
  if (!parsed) return refused(parsed.error());
  const auto spec = dialect->decode_create(*parsed, catalog, *profile);
  if (!spec) return refused(spec.error());
  TRY(const UnitTenths price, catalog.price(*spec));
  TRY(const catalog::Output output, catalog.output(*spec));
  json::Array ignored(spec->ignored_fields.begin(), spec->ignored_fields.end());
  return json::Value(
      json::Object{{"ok", true},
                   {"units", format_units(price)},
                   {"model", spec->model},
                   {"size", fmt::format("{}x{}", output.size.width, output.size.height)},
                   {"fps", output.fps},
                   {"frames", output.frame_count},
                   {"ignored_fields", std::move(ignored)}});
}

}  // namespace rushes::app
