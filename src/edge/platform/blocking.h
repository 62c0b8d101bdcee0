// One awaitable run to its end on the calling thread: for start-up, the command line and tests.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>

#include "edge/platform/async.h"

namespace rushes {

template <class T>
Awaitable<> keep_result(Awaitable<T> awaitable, std::optional<T>* out) {
  out->emplace(co_await std::move(awaitable));
}

template <class T>
T run_to_end(Awaitable<T> awaitable) {
  boost::asio::io_context context(1);
  std::optional<T> result;
  boost::asio::co_spawn(context, keep_result(std::move(awaitable), &result), boost::asio::detached);
  context.run();
  return std::move(*result);
}

}  // namespace rushes
