// Byte streams that servers and proxies have been known to read in different ways, and what this
// server makes of each. Used on the pure parser and, byte for byte, on the running server.
#pragma once

#include <string>
#include <vector>

namespace rushes::http::testing {

struct RequestCase {
  std::string name, bytes;
  std::vector<std::string> executed;  // "METHOD target body" of what reaches the handler
  int refusal_status = 0;             // of what follows, 0: nothing is refused
};

// A request that must not run when it hides in the body of another.
inline const std::string kHidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

inline std::string hex(size_t value) {
  std::string out;
  for (; value > 0; value /= 16) out.insert(out.begin(), "0123456789abcdef"[value % 16]);
  return out;
}

inline std::vector<RequestCase> request_cases() {
  const std::string get = "GET / HTTP/1.1\r\n", post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string te = "Transfer-Encoding: ", cl = "Content-Length: ";
  const std::string last = "0\r\n\r\n";
  const std::string hidden_size = std::to_string(kHidden.size());
  return {
      // Accepted.
      {"plain GET", get + "Host: a\r\n\r\n", {"GET / "}},
      {"two pipelined",
       get + "Host: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
       {"GET / ", "GET /2 "}},
      {"empty lines before", "\r\n\r\n" + get + "Host: a\r\n\r\n\r\n", {"GET / "}},
      {"body", post + cl + "3\r\n\r\nabc", {"POST / abc"}},
      {"body that looks like a request",
       post + cl + hidden_size + "\r\n\r\n" + kHidden,
       {"POST / " + kHidden}},
      {"length with leading zeros", post + cl + "003\r\n\r\nabc", {"POST / abc"}},
      {"zero length", post + cl + "0\r\n\r\n", {"POST / "}},
      {"no length is no body", post + "\r\n", {"POST / "}},
      {"GET with body", get + "Host: a\r\n" + cl + "3\r\n\r\nabc", {"GET / abc"}},
      {"chunked", post + te + "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n" + last, {"POST / abcde"}},
      {"Chunked in capitals",
       post + te + "CHUNKED\r\n\r\nA\r\n0123456789\r\n" + last,
       {"POST / 0123456789"}},
      {"tabs around chunked", post + "Transfer-Encoding:\t chunked \t\r\n\r\n" + last, {"POST / "}},
      {"chunk extension",
       post + te + "chunked\r\n\r\n3;a=b;c=\"d\"\r\nabc\r\n" + last,
       {"POST / abc"}},
      {"trailers are dropped",
       post + te + "chunked\r\n\r\n1\r\nx\r\n0\r\nY: b\r\nX:\r\n\r\n",
       {"POST / x"}},
      {"chunked body that looks like a request",
       post + te + "chunked\r\n\r\n" + hex(kHidden.size()) + "\r\n" + kHidden + "\r\n" + last,
       {"POST / " + kHidden}},
      {"no space after colon", get + "Host:a\r\n\r\n", {"GET / "}},
      {"empty value", get + "Host: a\r\nX:\r\n\r\n", {"GET / "}},
      {"absolute form", "GET http://b/c?d=1 HTTP/1.1\r\nHost: a\r\n\r\n", {"GET /c?d=1 "}},
      {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", {"OPTIONS * "}},
      {"unknown method", "PURGE / HTTP/1.1\r\nHost: a\r\n\r\n", {"PURGE / "}},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", {"GET / "}},

      // Which body is it?
      {"CL.TE", post + cl + "5\r\n" + te + "chunked\r\n\r\n" + last + kHidden, {}, 400},
      {"TE.CL", post + te + "chunked\r\n" + cl + "5\r\n\r\n" + last + kHidden, {}, 400},
      {"TE.CL with xchunked",
       post + te + "xchunked\r\n" + cl + "5\r\n\r\n" + last + kHidden,
       {},
       400},
      {"xchunked", post + te + "xchunked\r\n\r\n" + last + kHidden, {}, 501},
      {"chunked, chunked", post + te + "chunked, chunked\r\n\r\n" + last + kHidden, {}, 501},
      {"chunked twice",
       post + te + "chunked\r\n" + te + "chunked\r\n\r\n" + last + kHidden,
       {},
       400},
      {"identity", post + te + "identity\r\n\r\n" + kHidden, {}, 501},
      {"identity, chunked", post + te + "identity, chunked\r\n\r\n" + last + kHidden, {}, 501},
      {"gzip, chunked", post + te + "gzip, chunked\r\n\r\n" + last + kHidden, {}, 501},
      {"chunked, identity", post + te + "chunked, identity\r\n\r\n" + kHidden, {}, 501},
      {"two encodings",
       post + te + "xchunked\r\n" + te + "chunked\r\n\r\n" + last + kHidden,
       {},
       400},
      {"empty encoding", post + te + "\r\n\r\n" + kHidden, {}, 501},
      {"quoted chunked", post + te + "\"chunked\"\r\n\r\n" + last + kHidden, {}, 501},
      {"chunked with parameter", post + te + "chunked;q=1\r\n\r\n" + last + kHidden, {}, 501},
      {"chunked,", post + te + "chunked,\r\n\r\n" + last + kHidden, {}, 501},
      {"vertical tab before chunked",
       post + te +
           "\x0b"
           "chunked\r\n\r\n" +
           last + kHidden,
       {},
       400},
      {"space before colon of TE",
       post + "Transfer-Encoding : chunked\r\n\r\n" + last + kHidden,
       {},
       400},
      {"tab before colon of TE",
       post + "Transfer-Encoding\t: chunked\r\n\r\n" + last + kHidden,
       {},
       400},
      {"folded TE", post + "Transfer-Encoding:\r\n chunked\r\n\r\n" + last + kHidden, {}, 400},
      {"TE in HTTP/1.0", "POST / HTTP/1.0\r\n" + te + "chunked\r\n\r\n" + last + kHidden, {}, 400},
      {"two equal lengths", post + cl + "3\r\n" + cl + "3\r\n\r\nabc" + kHidden, {}, 400},
      {"two lengths", post + cl + "3\r\n" + cl + "4\r\n\r\nabc" + kHidden, {}, 400},
      {"list of lengths", post + cl + "3, 3\r\n\r\nabc" + kHidden, {}, 400},
      {"+length", post + cl + "+3\r\n\r\nabc" + kHidden, {}, 400},
      {"-length", post + cl + "-3\r\n\r\nabc" + kHidden, {}, 400},
      {"hex length", post + cl + "0x3\r\n\r\nabc" + kHidden, {}, 400},
      {"length with a space", post + cl + "3 3\r\n\r\nabc" + kHidden, {}, 400},
      {"empty length", post + cl + "\r\n\r\n" + kHidden, {}, 400},
      {"decimal point", post + cl + "3.0\r\n\r\nabc" + kHidden, {}, 400},
      {"length past 64 bits", post + cl + "18446744073709551619\r\n\r\nabc" + kHidden, {}, 400},
      {"length of 64 bits", post + cl + "18446744073709551615\r\n\r\n" + kHidden, {}, 413},

      // Chunks.
      {"chunk size not hex", post + te + "chunked\r\n\r\nxyz\r\n" + kHidden, {}, 400},
      {"chunk size with 0x", post + te + "chunked\r\n\r\n0x3\r\nabc\r\n" + last + kHidden, {}, 400},
      {"chunk size with sign", post + te + "chunked\r\n\r\n+3\r\nabc\r\n" + last, {}, 400},
      {"chunk size with space before", post + te + "chunked\r\n\r\n 3\r\nabc\r\n" + last, {}, 400},
      {"chunk size past 64 bits",
       post + te + "chunked\r\n\r\n10000000000000003\r\nabc\r\n" + last,
       {},
       400},
      {"huge chunk", post + te + "chunked\r\n\r\nffffffffffffffff\r\nabc\r\n" + last, {}, 413},
      {"empty chunk line", post + te + "chunked\r\n\r\n\r\n" + last, {}, 400},
      {"chunk longer than its size", post + te + "chunked\r\n\r\n3\r\nabcd\r\n" + last, {}, 400},
      {"chunk ends in bare LF", post + te + "chunked\r\n\r\n3\nabc\n0\n\n" + kHidden, {}, 400},
      {"LF in chunk extension", post + te + "chunked\r\n\r\n3;a\nb\r\nabc\r\n" + last, {}, 400},
      {"chunk extension without name", post + te + "chunked\r\n\r\n3;\r\nabc\r\n" + last, {}, 400},
      {"space after chunk size", post + te + "chunked\r\n\r\n3 \r\nabc\r\n" + last, {}, 400},
      {"space before chunk extension",
       post + te + "chunked\r\n\r\n3 ;a\r\nabc\r\n" + last,
       {},
       400},
      {"quote across lines", post + te + "chunked\r\n\r\n3;a=\"\r\nabc\"\r\n" + last, {}, 400},
      {"CR in chunk extension", post + te + "chunked\r\n\r\n3;a=\"\r\"\r\nabc\r\n" + last, {}, 400},
      {"trailer without colon", post + te + "chunked\r\n\r\n0\r\nGET / HTTP/1.1\r\n\r\n", {}, 400},
      {"folded trailer", post + te + "chunked\r\n\r\n0\r\nX: y\r\n z\r\n\r\n" + kHidden, {}, 400},
      {"Host in trailer", post + te + "chunked\r\n\r\n0\r\nHost: b\r\n\r\n" + kHidden, {}, 400},
      {"encoding in trailer",
       post + te + "chunked\r\n\r\n0\r\n" + te + "chunked\r\n\r\n" + kHidden,
       {},
       400},
      {"length in trailer",
       post + te + "chunked\r\n\r\n0\r\n" + cl + "5\r\n\r\n" + kHidden,
       {},
       400},

      // Whose request is it?
      {"no Host", get + "\r\n", {}, 400},
      {"two Hosts", get + "Host: a\r\nHost: b\r\n\r\n", {}, 400},
      {"two equal Hosts", get + "Host: a\r\nhost: a\r\n\r\n", {}, 400},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", {}, 400},
      {"empty Host", get + "Host:\r\n\r\n", {}, 400},
      {"Host with a path", get + "Host: a/b\r\n\r\n", {}, 400},
      {"Host with a user", get + "Host: u@a\r\n\r\n", {}, 400},
      {"list of Hosts", get + "Host: a, b\r\n\r\n", {}, 400},
      {"absolute form without Host", "GET http://b/ HTTP/1.1\r\n\r\n", {}, 400},
      {"absolute form with a user", "GET http://u@b/ HTTP/1.1\r\nHost: b\r\n\r\n", {}, 400},
      {"absolute form of another scheme", "GET ftp://b/ HTTP/1.1\r\nHost: b\r\n\r\n", {}, 400},
      {"authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n" + kHidden, {}, 501},
      {"relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"raw UTF-8 in the target", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},

      // Lines.
      {"folded field", get + "Host: a\r\nX: 1\r\n 2\r\n\r\n", {}, 400},
      {"folded with tab", get + "Host: a\r\nX: 1\r\n\t2\r\n\r\n", {}, 400},
      {"space before the first field", get + " Host: a\r\n\r\n", {}, 400},
      {"space before colon", get + "Host : a\r\n\r\n", {}, 400},
      {"field without colon", get + "Host: a\r\nX\r\n\r\n", {}, 400},
      {"empty name", get + "Host: a\r\n: x\r\n\r\n", {}, 400},
      {"bad character in name", get + "Host: a\r\nX(: x\r\n\r\n", {}, 400},
      {"NUL in value", get + "Host: a\r\nX: a" + std::string(1, '\0') + "b\r\n\r\n", {}, 400},
      {"NUL in name", get + "Host: a\r\nX" + std::string(1, '\0') + ": b\r\n\r\n", {}, 400},
      {"NUL in target", "GET /" + std::string(1, '\0') + " HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"DEL in value", get + "Host: a\r\nX: \x7f\r\n\r\n", {}, 400},
      {"bare LF", "GET / HTTP/1.1\nHost: a\n\n", {}, 400},
      {"bare LF after a field", get + "Host: a\nX: b\r\n\r\n", {}, 400},
      {"bare LF as the empty line", get + "Host: a\r\n\n" + kHidden, {}, 400},
      {"bare CR in a value", get + "Host: a\r\nX: a\rY: b\r\n\r\n", {}, 400},
      {"CR CR LF", get + "Host: a\r\r\n\r\n", {}, 400},
      {"TLS hello", std::string("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 11), {}, 400},

      // The request line.
      {"lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 501},
      {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"bad character in method", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"tab for space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"space after version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", {}, 400},
      {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"HTTP/0.9", "GET /\r\n\r\n", {}, 400},
      {"no version", "GET / \r\n\r\n", {}, 400},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", {}, 505},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", {}, 505},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {}, 505},
      {"HTTP/0.9 named", "GET / HTTP/0.9\r\n\r\n", {}, 505},
      {"HTTP/11", "GET / HTTP/11\r\nHost: a\r\n\r\n", {}, 400},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", {}, 400},
      {"http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n", {}, 400},
      {"second is bad", get + "Host: a\r\n\r\n" + get + "\r\n" + kHidden, {"GET / "}, 400},
  };
}

}  // namespace rushes::http::testing
