// The coroutine vocabulary: what "awaitable" means everywhere in edge/ and server/.
//
// The executor is the concrete one of io_context: a type-erased executor costs up to twice the CPU
// per request. Rules that GCC 12 makes necessary: arguments by value, no co_await inside braced
// initialisers or inside a larger expression that has temporaries. A lambda with captures is such a
// temporary: name it first, then `co_await f(std::move(lambda))`.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <utility>

namespace rushes {

using Executor = boost::asio::io_context::executor_type;

template <class T = void>
using Awaitable = boost::asio::awaitable<T, Executor>;

// Called once, from any thread.
template <class T>
using Completion = std::move_only_function<void(T)>;

// Waits for another thread: `start` is handed a Completion<T>, and the caller resumes on its own
// executor with the value that it is called with. The io_context must outlive the completion.
template <class T, class Start>
Awaitable<T> await_completion(Start start) {
  auto initiate = [](auto handler, Start begin) {
    auto work = boost::asio::make_work_guard(boost::asio::get_associated_executor(handler));
    begin(Completion<T>([handler = std::move(handler), work = std::move(work)](T value) mutable {
      // Gives the io_context up when it has been told, not when the completion is destroyed.
      const auto until_posted = std::move(work);
      boost::asio::post(until_posted.get_executor(),
                        [handler = std::move(handler), value = std::move(value)]() mutable {
                          std::move(handler)(std::move(value));
                        });
    }));
  };
  const boost::asio::use_awaitable_t<Executor> token;
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>, void(T)>(
      std::move(initiate), token, std::move(start));
}

}  // namespace rushes
