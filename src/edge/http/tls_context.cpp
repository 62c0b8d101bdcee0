#include "edge/http/tls_context.h"

#include <openssl/err.h>

#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/crypto/digest.h"

namespace rushes::http {

namespace {

std::unexpected<Error> fail_tls(std::string what) {
  char reason[256] = "unknown";
  if (const unsigned long code = ERR_get_error()) ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  return fail(ErrorCode::kInvalidInput, std::move(what) + ": " + reason);
}

// Chooses http/1.1 out of the client's list; a client that offers only others is turned away, as
// RFC 7301 section 3.2 asks.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  constexpr std::string_view kWanted = "http/1.1";
  for (unsigned at = 0; at < offered_size; at += 1u + offered[at]) {
    const std::string_view name(reinterpret_cast<const char*>(offered) + at + 1, offered[at]);
    if (name != kWanted) continue;
    *out = offered + at + 1;
    *out_size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

Result<std::unique_ptr<SSL_CTX, FreeSsl>> load(const TlsFiles& files) {
  ERR_clear_error();
  std::unique_ptr<SSL_CTX, FreeSsl> context(SSL_CTX_new(TLS_server_method()));
  if (!context) return fail_tls("create the TLS context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // A peer that just closes is an end of input here: HTTP's own framing tells a cut message.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_IGNORE_UNEXPECTED_EOF);
  // Released buffers keep an idle connection at about 16 KB instead of 50. The write modes fit
  // writes that are tried again from wherever they stopped.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // tickets resume sessions
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate_file.c_str()) != 1) {
    return fail_tls("load the certificate '" + files.certificate_file + "'");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return fail_tls("load the key '" + files.key_file + "'");
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return fail_tls("the key '" + files.key_file + "' is not the certificate's");
  }
  return context;
}

}  // namespace

Result<std::unique_ptr<TlsContext>> TlsContext::create(TlsFiles files) {
  std::unique_ptr<TlsContext> context(new TlsContext(std::move(files)));
  TRY_VOID(context->reload());
  return context;
}

Result<void> TlsContext::reload() {
  TRY(auto fresh, load(files_));
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh);
  return {};
}

std::string TlsContext::public_key_pin() {
  const std::lock_guard lock(mutex_);
  const X509* certificate = SSL_CTX_get0_certificate(context_.get());
  unsigned char* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &encoded);
  RUSHES_CHECK(size > 0);
  const std::string key(reinterpret_cast<const char*>(encoded), static_cast<size_t>(size));
  OPENSSL_free(encoded);
  return "sha256//" + to_base64(sha256(key));
}

UniqueSsl TlsContext::open_session(int fd) {
  UniqueSsl session;
  {
    const std::lock_guard lock(mutex_);
    session.reset(SSL_new(context_.get()));
  }
  if (session && SSL_set_fd(session.get(), fd) != 1) return nullptr;
  return session;
}

}  // namespace rushes::http
