// The commands: each takes its options and answers an exit code. One file each in command/.
#pragma once

#include "cli/options.h"

namespace rushes::cli {

int run(const Serve& serve, const Connection& connection);
int run(const Generate& generate, const Connection& connection);
int run(const Render& render, const Connection& connection);
int run(const Tasks& tasks, const Connection& connection);
int run(const Models& models, const Connection& connection);
int run(const Check& check, const Connection& connection);
int run(const Key& key, const Connection& connection);
int run(const Accounts& accounts, const Connection& connection);
int run(const Deliveries& deliveries, const Connection& connection);
int run(const WebhookSecrets& secrets, const Connection& connection);
int run(const Doctor& doctor, const Connection& connection);
int run(const ShowConfig& show, const Connection& connection);
int run(const Completion& completion, const Connection& connection);
int run(const Version& version, const Connection& connection);

}  // namespace rushes::cli
