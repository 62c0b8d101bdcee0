#include "core/provider/fake/adapter.h"

#include <fmt/format.h>

#include "core/provider/fake/rules.h"
#include "core/provider/fake/upstream.h"
#include "core/provider/reading.h"

namespace rushes::provider::fake {
namespace {

Settings kling_settings(const Settings& settings) {
  Settings kling = settings;
  if (kling.base_url.empty()) kling.base_url = kInProcessOrigin;
  return kling;
}

Credential kling_credential(const Credential& credential) {
  Credential kling = credential;
  if (kling.api_key.empty() && kling.access_key.empty()) kling.api_key = "fake";
  return kling;
}

}  // namespace

Result<void> FakeAdapter::check_settings(const Settings& settings) const {
  if (settings.family.empty()) return kling_->check_settings(kling_settings(settings));
  return fail_user(ErrorCode::kInvalidInput,
                   fmt::format("family value '{}' is invalid: fake has none", settings.family));
}

Result<void> FakeAdapter::check_credential(const Credential& credential) const {
  return kling_->check_credential(kling_credential(credential));
}

Capabilities FakeAdapter::capabilities(const Settings& settings) const {
  return kling_->capabilities(settings);
}

Result<void> FakeAdapter::check(const Settings& settings, const catalog::Catalog& catalog,
                                const std::string& model, const Spec& spec,
                                std::vector<std::string>& dropped) const {
  return kling_->check(settings, catalog, model, spec, dropped);
}

Call FakeAdapter::create(const Context& context, const Job& job) const {
  const Settings settings = kling_settings(context.settings);
  const Credential credential = kling_credential(context.credential);
  Call call = kling_->create({settings, credential, context.now}, job);
  if (!job.fake_rule.empty()) call.headers.add(std::string(kRuleHeader), job.fake_rule);
  return call;
}

Outcome FakeAdapter::read_create(const Settings& settings, const Reply& reply) const {
  return kling_->read_create(settings, reply);
}

Call FakeAdapter::poll(const Context& context, const std::string& upstream_id) const {
  const Settings settings = kling_settings(context.settings);
  const Credential credential = kling_credential(context.credential);
  return kling_->poll({settings, credential, context.now}, upstream_id);
}

Outcome FakeAdapter::read_poll(const Settings& settings, const Reply& reply) const {
  Outcome outcome = kling_->read_poll(settings, reply);
  const auto body = read_object(reply);
  const json::Value* progress = body ? find_path(*body, "data.progress") : nullptr;
  const auto percent = progress ? progress->as_int() : std::nullopt;
  if (percent && *percent >= 0 && *percent <= 100) {
    outcome.progress_percent = static_cast<int>(*percent);
  }
  return outcome;
}

Call FakeAdapter::lookup(const Context& context, const std::string& handle,
                         Timestamp begun_at) const {
  const Settings settings = kling_settings(context.settings);
  const Credential credential = kling_credential(context.credential);
  return kling_->lookup({settings, credential, context.now}, handle, begun_at);
}

Outcome FakeAdapter::read_lookup(const Settings& settings, const std::string& handle,
                                 const Reply& reply) const {
  return kling_->read_lookup(settings, handle, reply);
}

Call FakeAdapter::cancel(const Context& context, const std::string& upstream_id) const {
  return kling_->cancel(context, upstream_id);
}

}  // namespace rushes::provider::fake
