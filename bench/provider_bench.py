"""What stands between clients and a provider: polling of many open tasks, and the time that a create takes."""
import http.client
import json
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time

from harness import POWERTOKENS, Server

OPEN_TASKS = 10_000
POLL_INTERVAL_MS = 5_000
# Jobs end just after a poll that found them running: the worst moment for who waits for the next.
RENDER_MS = 60_250
CREATES = 400
BODY = json.dumps({"model_name": "kling-v2-6", "prompt": "A cinematic shot of clouds moving over a mountain ridge", "duration": "5"}).encode()


class Upstream:
    """bench_upstream with these rules."""

    def __init__(self, binary, **rules):
        self.process = subprocess.Popen([binary, json.dumps(rules)], stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def config(upstream):
    return f"""[log]
level = "warn"
[engine]
queue_per_account = 100000
[[provider]]
name = "upstream"
adapter = "kling"
base_url = "http://127.0.0.1:{upstream.port}"
poll_interval_ms = {POLL_INTERVAL_MS}
requests_per_second = 0
[[provider.credential]]
api_key = "api-key-of-the-bench"
concurrency = 100000
"""


def create(connection, key):
    connection.request("POST", POWERTOKENS, BODY, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    reply = connection.getresponse()
    body = reply.read()
    if reply.status != 200:
        raise SystemExit(f"create answered {reply.status}: {body[:200]}")


def create_many(port, key, count):
    def work(share):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(share):
            create(connection, key)
        connection.close()
    threads = [threading.Thread(target=work, args=(count // 16,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def bench_polling(binary, row):
    print(f"{OPEN_TASKS:,} open tasks at one provider, polled every {POLL_INTERVAL_MS / 1000:.0f} s: from its end there to its end here")
    # They end as failed, so that polling is measured and not downloads.
    upstream = Upstream(binary, queue_ms=0, render_ms=RENDER_MS, fail_every=1)
    server = Server(config=config(upstream))
    try:
        create_many(server.port, server.key, OPEN_TASKS)
        database = sqlite3.connect(f"file:{server.data}/rushes.db?mode=ro", uri=True)
        deadline = time.monotonic() + RENDER_MS / 1000 + 120
        open_now = -1
        while open_now != 0 and time.monotonic() < deadline:
            time.sleep(1)
            open_now = database.execute("SELECT count(*) FROM task WHERE ended_ms IS NULL").fetchone()[0]
        lags = [ended - bound - RENDER_MS for bound, ended in
                database.execute("SELECT a.bound_ms, t.ended_ms FROM attempt a JOIN task t ON t.id = a.task WHERE t.ended_ms IS NOT NULL")]
        if open_now or len(lags) < OPEN_TASKS // 16 * 16:
            raise SystemExit(f"{open_now} tasks are still open, {len(lags)} ended")
        row("upstream end to our end, p50", f"{percentile(lags, 0.5) / 1000:.2f} s", f"poll interval {POLL_INTERVAL_MS / 1000:.0f} s",
            f"{percentile(lags, 0.5) / POLL_INTERVAL_MS:.2f} x", "-")
        row("upstream end to our end, p99", f"{percentile(lags, 0.99) / 1000:.2f} s", f"poll interval {POLL_INTERVAL_MS / 1000:.0f} s",
            f"{percentile(lags, 0.99) / POLL_INTERVAL_MS:.2f} x", "<= 2 x")
    finally:
        server.remove()
        upstream.close()


class Proxy:
    """nginx with one worker that passes everything on."""

    def __init__(self, upstream_port):
        self.folder = tempfile.mkdtemp(prefix="rushes-bench-")
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"""worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/error;
events {{ worker_connections 1024; }}
http {{ access_log off; upstream there {{ server 127.0.0.1:{upstream_port}; keepalive 16; }}
server {{ listen 127.0.0.1:{self.port}; location / {{ proxy_pass http://there; proxy_http_version 1.1; proxy_set_header Connection ""; }} }} }}
""")
        self.process = subprocess.Popen(["nginx", "-c", path, "-p", self.folder], stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except OSError:
                time.sleep(0.02)

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def fsync_ms(folder):
    """Median time of an append and fdatasync of 4 KiB."""
    descriptor = os.open(os.path.join(folder, "probe"), os.O_CREAT | os.O_WRONLY)
    times = []
    for _ in range(200):
        began = time.perf_counter()
        os.write(descriptor, b"x" * 4096)
        os.fdatasync(descriptor)
        times.append((time.perf_counter() - began) * 1000)
    os.close(descriptor)
    return statistics.median(times)


def bench_added_latency(binary, row):
    print("A create through Rushes, beside one through nginx `proxy_pass` to the same upstream")
    upstream = Upstream(binary, queue_ms=0, render_ms=600_000)
    server = Server(config=config(upstream))
    proxy = Proxy(upstream.port)
    try:
        ours = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        theirs = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=60)
        times = {"ours": [], "theirs": []}
        for _ in range(CREATES):  # in turns, so that noise hits both
            for name, connection in (("ours", ours), ("theirs", theirs)):
                began = time.perf_counter()
                create(connection, server.key)
                times[name].append((time.perf_counter() - began) * 1000)
        sync = fsync_ms(server.folder)
        mine, proxied = statistics.median(times["ours"]), statistics.median(times["theirs"])
        row("create, p50", f"{mine:.2f} ms", f"nginx proxy_pass {proxied:.2f} ms, fdatasync {sync:.2f} ms",
            f"{mine - proxied - sync:+.2f} ms beyond both", "<= 1 ms")
    finally:
        proxy.close()
        server.remove()
        upstream.close()
