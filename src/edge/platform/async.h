// The coroutine vocabulary: what "awaitable" means everywhere in edge/ and server/.
//
// The executor is the concrete one of io_context: a type-erased executor costs up to twice the CPU
// per request. Rules that GCC 12 makes necessary: arguments by value, no co_await inside braced
// initialisers or inside a larger expression that has temporaries.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace rushes {

using Executor = boost::asio::io_context::executor_type;

template <class T = void>
using Awaitable = boost::asio::awaitable<T, Executor>;

}  // namespace rushes
