"""Starts Rushes servers in temporary folders and speaks HTTP to them."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

RUSHES = os.environ.get("RUSHES") or os.path.join(os.path.dirname(__file__), "../../build/release/rushes")
OFFICIAL = "/v1/videos/text2video"
POWERTOKENS = "/kling/v1/videos/text2video"
CLASSIC = "/classic/kling/v1/videos/text2video"
WAIT_SECONDS = 240
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Witness:
    """Keeps every byte that clients were shown, to be searched for what they must not see."""

    def __init__(self):
        self.seen = []

    def saw(self, where, headers, body):
        head = "\n".join(f"{name}: {value}" for name, value in headers.items())
        self.seen.append((where, head.encode() + b"\n\n" + body))

    def finds(self, hidden):
        """Where any of `hidden` was shown, plain or percent-encoded: (what it is, where, the bytes around it).

        What a client named itself in its request is no news to it.
        """
        needles = {(spelling.encode(), what) for what, text in hidden for spelling in (text, urllib.parse.quote(text, safe=""))}
        # There are as many request ids as there were requests: looked up, not searched for one by one.
        uuids = {needle: what for needle, what in needles if UUID.fullmatch(needle)}
        needles = {(needle, what) for needle, what in needles if needle not in uuids}
        found = []
        for where, shown in self.seen:
            here = [(needle, uuids[needle]) for needle in set(UUID.findall(shown)) & uuids.keys()]
            for needle, what in [*needles, *here]:
                at = shown.find(needle)
                if at >= 0 and needle not in where.encode():
                    found.append((what, where, shown[max(0, at - 80):at + len(needle) + 40]))
        return found


class Server:
    """One `rushes serve` on a free loopback port, with its own data directory unless one is given.

    With a `witness` everything that it answers to a test is kept there.
    """

    def __init__(self, data=None, config="", port=0, witness=None):
        self.witness = witness
        self.folder = tempfile.mkdtemp(prefix="rushes-e2e-")
        self.data = data or os.path.join(self.folder, "data")
        self.config = os.path.join(self.folder, "rushes.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(config or "[previz]\nscale = 0.1\n[engine]\nchildren = 2\nthreads_per_child = 1\n")
        self.process = None
        self.start(port)

    def spawn(self, port=0, stderr=None):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            return subprocess.Popen(
                [RUSHES, "serve", "--listen", f"127.0.0.1:{port}", "--data", self.data, "--config", self.config],
                stdout=subprocess.PIPE, stderr=stderr or log, text=True)

    def start(self, port=0):
        self.process = self.spawn(port)
        for line in self.process.stdout:
            if line.startswith("listening on http"):
                self.port = int(line.rsplit(":", 1)[1])
                break
        else:
            raise AssertionError(f"server did not start: exit {self.process.wait()}, log:\n{self.log_text()[-2000:]}")
        with open(os.path.join(self.data, "default.key"), encoding="utf-8") as file:
            self.key = file.read().strip()

    def log_text(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """SIGTERM; answers the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        return code

    def remove(self):
        if self.process.poll() is None:
            self.stop()
        elif self.process.returncode not in (0, -signal.SIGKILL):
            print(f"the server ended by itself with {self.process.returncode}:\n{self.log_text()[-3000:]}", file=sys.stderr)
        shutil.rmtree(self.folder, ignore_errors=True)

    def request(self, method, path, body=None, key=True, headers=None):
        """`body`: a value sent as JSON, or bytes sent as they are. `key`: True, None, or a token."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = dict(headers or {})
            if key is not None:
                sent.setdefault("Authorization", f"Bearer {self.key if key is True else key}")
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body).encode()
                sent.setdefault("Content-Type", "application/json")
            connection.request(method, path, body, sent)
            got = connection.getresponse()
            reply = Reply(got.status, got.headers, got.read())
            if self.witness is not None:
                self.witness.saw(f"{method} {path}", reply.headers, reply.body)
            return reply
        finally:
            connection.close()

    def create(self, body, path=POWERTOKENS, **more):
        reply = self.request("POST", path, body, **more)
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json["data"]["task_id"]

    def task(self, task_id, path=POWERTOKENS):
        reply = self.request("GET", f"{path}/{task_id}")
        assert reply.status == 200, (reply.status, reply.body)
        return reply.json["data"]

    def wait(self, task_id, path=POWERTOKENS, seconds=WAIT_SECONDS):
        """Polls until the task is over, at most `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            data = self.task(task_id, path)
            if data["task_status"] in ("succeed", "failed"):
                return data
            time.sleep(0.2)
        raise AssertionError(f"task {task_id} is still {data['task_status']} after {seconds} s")

    def download(self, url):
        """GETs a result URL without credentials, through the server's own address."""
        path = url[url.index("/files/"):]
        return self.request("GET", path, key=None)


    def address(self):
        return f"127.0.0.1:{self.port}"

    def rows(self, query, *values):
        """What its store says, beside the running server."""
        store = sqlite3.connect(f"file:{os.path.join(self.data, 'rushes.db')}?mode=ro", uri=True, timeout=30)
        try:
            store.row_factory = sqlite3.Row
            return store.execute(query, values).fetchall()
        finally:
            store.close()

    def upstream_secrets(self):
        """Of its providers, what only the operator may see: [(what it is, the text)]."""
        found = []
        for row in self.rows("SELECT * FROM attempt"):
            for column in ("upstream_id", "upstream_request_id", "provider", "credential"):
                found.append((column, row[column]))
        return found

    def own_secrets(self):
        """What the clients of a server before it may not see of this one: [(what it is, the text)]."""
        found = [("host and port", self.address()), ("key", self.key), ("data directory", self.data)]
        found += [("task id", str(row["id"])) for row in self.rows("SELECT id FROM task")]
        found += [("file id", str(row["id"])) for row in self.rows("SELECT id FROM artifact")]
        found += [("delivery id", str(row["id"])) for row in self.rows("SELECT id FROM delivery")]
        for line in self.log_text().splitlines():
            if '"request_id"' in line:
                found.append(("request id", json.loads(line)["request_id"]))
        return found


class ServerTest(unittest.TestCase):
    """A test case with one server for all its tests."""
    config = ""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(config=cls.config)

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()


def free_port():
    """A port that nobody listens on, for a server that has to know its address before it starts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def rushes(*arguments, **more):
    """Runs the program; answers the finished process with text output."""
    return subprocess.run([RUSHES, *arguments], capture_output=True, text=True, timeout=300, **more)


def probe(file):
    """ffprobe's streams and format of a file, frames counted."""
    out = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json", file],
                         capture_output=True, text=True, check=True)
    return json.loads(out.stdout)


def jwt(access_key, secret_key, now=None, **claims):
    def part(value):
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    now = int(time.time()) if now is None else now
    payload = {"iss": access_key, "exp": now + 1800, "nbf": now - 5, **claims}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(payload).encode())
    return (signed + b"." + part(hmac.new(secret_key.encode(), signed, hashlib.sha256).digest())).decode()
