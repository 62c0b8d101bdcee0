// The client and what a name server says. This program's getaddrinfo() stands before the system's
// and answers for names under "resolver.example" itself.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <condition_variable>

#include "edge/http/outbound.h"
#include "edge/http/outbound_test_kit.h"

namespace {

using GetAddrInfo = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

int ask_system(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  static const auto next = reinterpret_cast<GetAddrInfo>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  return next(node, service, hints, result);
}

// Holds lookups of "slow" until it is told to let them go.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [this] { return is_open_; });
    --inside_;
    changed_.notify_all();
  }
  void wait_until_somebody_is_inside() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return inside_ > 0; });
  }
  void open_and_wait_until_empty() {
    std::unique_lock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool is_open_ = false;
};
Gate gate;

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  const std::string_view name = node ? node : "";
  if (!name.ends_with(".resolver.example")) return ask_system(node, service, hints, result);
  if (name.starts_with("slow.")) gate.pass();
  if (name.starts_with("mixed.") || name.starts_with("inner.")) {
    if (const int error = ask_system("127.0.0.2", service, hints, result)) return error;
    if (name.starts_with("inner.")) return 0;
    return ask_system("127.0.0.1", service, hints, &(*result)->ai_next);
  }
  return EAI_NONAME;
}

namespace rushes::http {
namespace {

using testing::Peer;
using testing::ScriptedServer;
using testing::send_all;
using testing::send_one;
using namespace std::chrono_literals;

void answer_all(Peer& peer) {
  while (peer.read_request()) peer.answer("here");
}

class OutboundResolver : public ::testing::Test {
 protected:
  std::string url(const std::string& name) const {
    return "http://" + name + ".resolver.example:" + std::to_string(server_.port()) + "/";
  }

  ScriptedServer server_{answer_all};
  std::unique_ptr<Outbound> outbound_ = *make_outbound({.allowed_networks = {"127.0.0.1"}});
};

TEST_F(OutboundResolver, ReportsANameThatDoesNotExistAsNotSent) {
  const OutboundReply reply = send_one(*outbound_, {.method = "POST", .url = url("absent")});
  EXPECT_EQ(reply.fault, Fault::kNotSent);
  EXPECT_NE(reply.error.find("Could not resolve host"), std::string::npos) << reply.error;
}

TEST_F(OutboundResolver, ConnectsOnlyToThoseAddressesOfANameThatAreAllowed) {
  const OutboundReply reply = send_one(*outbound_, {.url = url("mixed")});
  EXPECT_EQ(reply.fault, Fault::kNone) << reply.error;
  EXPECT_EQ(reply.body, "here");
  const OutboundReply refused = send_one(*outbound_, {.url = url("inner")});
  EXPECT_EQ(refused.fault, Fault::kRefused);
  EXPECT_NE(refused.error.find("127.0.0.2, a loopback address"), std::string::npos)
      << refused.error;
  EXPECT_EQ(server_.connection_count(), 1);
}

TEST_F(OutboundResolver, IsHeldUpByNoNameServer) {
  const auto replies =
      send_all(*outbound_, {{.method = "POST", .url = url("slow"), .connect_timeout = 100ms},
                            {.method = "POST", .url = url("slow"), .timeout = 150ms},
                            {.url = server_.url()}});
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(replies[i].fault, Fault::kNotSent) << replies[i].error;
    EXPECT_LT(replies[i].duration, 5s);
  }
  EXPECT_EQ(replies[2].body, "here");
  EXPECT_LT(replies[2].duration, 5s);

  gate.wait_until_somebody_is_inside();
  outbound_.reset();  // and neither does it hold up the end
  gate.open_and_wait_until_empty();
}

}  // namespace
}  // namespace rushes::http
