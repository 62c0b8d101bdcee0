"""SIGTERM while others keep the server waiting: it ends in seconds, and the next start goes on where it was."""
import array
import fcntl
import mmap
import subprocess
import termios
import threading
import time
import unittest

from harness import OFFICIAL, Server
from test_callbacks import Receiver
from upstream import Upstream

KEY = "cellar-key-number-one"
CONFIG = """
[egress]
allow = ["127.0.0.0/8"]
[[provider]]
name = "kitchen-provider"
adapter = "kling"
base_url = "http://127.0.0.1:{port}"
poll_interval_ms = 200
request_timeout_s = 120
  [[provider.credential]]
  label = "cellar-one"
  api_key = "cellar-key-number-one"
"""
TASK = {"model_name": "kling-v2-6", "prompt": "A fox in the snow", "duration": "5"}
# What is asked of others has three seconds to end by itself.
STOP_SECONDS = 8


class Stuck(Upstream):
    """A vendor that keeps one kind of request waiting: `keeps` is "create", "poll", "download" or None."""

    def __init__(self, keeps):
        super().__init__([KEY])
        self.keeps, self.reached, self.released = keeps, threading.Event(), threading.Event()

    def close(self):
        self.released.set()
        super().close()

    def call_back(self, job):
        pass  # the server has no public address

    def keep(self, handler):
        self.reached.set()
        self.released.wait()
        handler.close_connection = True

    def envelope(self, handler, *answer):
        if self.keeps == {"POST": "create", "GET": "poll"}[handler.command]:
            self.keep(handler)
        else:
            super().envelope(handler, *answer)

    def answer_get(self, handler):
        if self.keeps != "download" or not handler.path.startswith("/media/"):
            super().answer_get(handler)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(self.video)))
        handler.end_headers()
        for byte in self.video:
            handler.wfile.write(bytes([byte]))
            self.reached.set()
            if self.released.wait(.2):
                break
        handler.close_connection = True


class Unread(Server):
    """Writes its log into a pipe that nobody reads."""

    def spawn(self, port=0, stderr=None):
        return super().spawn(port, subprocess.PIPE)


class StopTest(unittest.TestCase):
    def serve(self, config):
        server = Server(config=config)
        self.addCleanup(server.remove)
        return server

    def stop_in_time(self, server):
        began = time.monotonic()
        self.assertEqual(server.stop(), 0, server.log_text()[-2000:])
        self.assertLess(time.monotonic() - began, STOP_SECONDS)

    def check_made_once(self, server, upstream, task_id):
        self.assertEqual(server.wait(task_id, OFFICIAL, seconds=60)["task_status"], "succeed")
        self.assertEqual((len(upstream.jobs), upstream.repeated), (1, []), "one create in total")
        self.assertEqual([row["task"] for row in server.rows("SELECT task FROM ledger")], [int(task_id)])
        self.assertEqual([row["failures"] for row in server.rows("SELECT failures FROM task")], [0])

    def test_an_upstream_that_never_answers_holds_no_stop_up(self):
        for keeps in ("create", "poll", "download"):
            with self.subTest(keeps=keeps):
                upstream = Stuck(keeps)
                self.addCleanup(upstream.close)
                server = self.serve(CONFIG.format(port=upstream.port))
                task_id = server.create(TASK, OFFICIAL)
                self.assertTrue(upstream.reached.wait(30))
                self.stop_in_time(server)
                upstream.keeps = None
                server.start()
                self.check_made_once(server, upstream, task_id)

    def test_a_receiver_that_never_answers_holds_no_stop_up(self):
        upstream = Stuck(None)
        self.addCleanup(upstream.close)
        receiver = Receiver(answer=lambda call: None)
        self.addCleanup(receiver.close)
        server = self.serve(CONFIG.format(port=upstream.port))
        task_id = server.create({**TASK, "callback_url": receiver.url}, OFFICIAL)
        first = receiver.wait(lambda calls: calls)[0]
        self.stop_in_time(server)
        rows = server.rows("SELECT state, tries FROM delivery WHERE id = ?", int(first.id))
        self.assertEqual([tuple(row) for row in rows], [("pending", 0)])
        receiver.answer = lambda call: (200, {})
        server.start()
        calls = receiver.wait(lambda calls: calls[-1].json["task_status"] == "succeed")
        self.assertIn(calls[1].id, (first.id, calls[-1].id), "the same event again, or the end that follows it")
        self.check_made_once(server, upstream, task_id)

    def test_a_log_that_nobody_reads_holds_neither_requests_nor_a_stop_up(self):
        server = Unread()
        self.addCleanup(server.remove)
        self.addCleanup(server.process.stderr.close)
        fcntl.fcntl(server.process.stderr, fcntl.F_SETPIPE_SZ, mmap.PAGESIZE)  # full as soon as anything is in it
        unread = array.array("i", [0])
        deadline = time.monotonic() + 60
        while unread[0] == 0:
            self.assertLess(time.monotonic(), deadline, "nothing was logged")
            self.assertEqual(server.request("GET", "/healthz").status, 200)
            fcntl.ioctl(server.process.stderr, termios.FIONREAD, unread)
        for _ in range(100):
            self.assertEqual(server.request("GET", "/healthz").status, 200)
        self.stop_in_time(server)

    def test_a_render_holds_no_stop_up(self):
        server = self.serve("[engine]\nchildren = 1\nthreads_per_child = 1\n")
        task_id = server.create({**TASK, "mode": "pro", "duration": "10"}, OFFICIAL)
        deadline = time.monotonic() + 60
        while server.task(task_id, OFFICIAL)["task_status"] == "submitted":
            self.assertLess(time.monotonic(), deadline, server.log_text())
            time.sleep(.05)
        self.stop_in_time(server)
        row, = server.rows("SELECT state, failures FROM task")
        self.assertEqual(tuple(row), ("queued", 0))


if __name__ == "__main__":
    unittest.main()
