"""kill -9 of a server whose videos a vendor makes, while everything goes wrong that can.

RUSHES_CRASH_SECONDS: how long it is killed again and again (20); RUSHES_CRASH_TASKS: how many it has (60);
RUSHES_CRASH_SEED: to have the same dice again.
"""
import collections
import concurrent.futures
import hashlib
import os
import random
import threading
import time
import unittest

from harness import OFFICIAL, Server, Witness, free_port
from test_callbacks import Receiver
from upstream import Upstream

SECONDS = float(os.environ.get("RUSHES_CRASH_SECONDS", "20"))
TASKS = int(os.environ.get("RUSHES_CRASH_TASKS", "60"))
CLIENTS = 8
# What nobody can confirm is looked up three times over a minute; kills and faults make that more.
WAIT_SECONDS = 420
KEYS = ["cellar-key-number-one", "cellar-key-number-two"]
CONFIG = """
[server]
public_base_url = "http://127.0.0.1:{port}"
[egress]
allow = ["127.0.0.0/8"]
[[provider]]
name = "kitchen-provider"
adapter = "kling"
base_url = "http://127.0.0.1:{upstream}"
poll_interval_ms = 500
requests_per_second = 0
request_timeout_s = 1
  [[provider.credential]]
  label = "cellar-one"
  api_key = "cellar-key-number-one"
  concurrency = 40
  [[provider.credential]]
  label = "cellar-two"
  api_key = "cellar-key-number-two"
  concurrency = 40
"""


class Chances:
    """A receiver's bad days: (status, headers) for Receiver."""

    def __init__(self, chance):
        self.chance, self.lock = chance, threading.Lock()

    def __call__(self, _):
        with self.lock:
            return (500, {}) if self.chance.random() < .05 else (200, {})


class Crash(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("RUSHES_CRASH_SEED") or random.randrange(1 << 32))
        self.chance = random.Random(self.seed)
        self.upstream = Upstream(KEYS, chance=random.Random(self.seed + 1))
        self.addCleanup(self.upstream.close)
        self.receiver = Receiver(answer=Chances(random.Random(self.seed + 2)))
        self.receiver.server.handle_error = lambda *_: None  # the other side was killed
        self.addCleanup(self.receiver.close)
        self.port, self.witness = free_port(), Witness()
        self.server = Server(port=self.port, witness=self.witness, config=CONFIG.format(port=self.port, upstream=self.upstream.port))
        self.addCleanup(self.server.remove)
        self.kills = 0

    def create(self, number):
        """As a careful client: the same external id until somebody says that it is there; answers the task's id."""
        name, path = f"order-{number}", f"{OFFICIAL}/order-{number}"
        body = {"model_name": "kling-v2-6", "prompt": f"A red fox, take {number}", "callback_url": self.receiver.url, "external_task_id": name}
        for _ in range(10_000):
            try:
                reply = self.server.request("POST", OFFICIAL, body)
                if reply.status == 400 and reply.json["message"] == "external_task_id already exists":
                    reply = self.server.request("GET", path)
                if reply.status == 200:
                    return reply.json["data"]["task_id"]
            except Exception:  # nobody there, or killed in the middle of the reply
                pass
            time.sleep(0.05)
        raise AssertionError(f"task {number} was never created")

    def kill_and_start(self):
        self.server.kill()
        self.kills += 1
        while self.chance.random() < .2:  # not even the start is safe
            process = self.server.spawn(self.port)
            time.sleep(self.chance.uniform(0, .3))
            process.kill()
            process.wait()
            process.stdout.close()
            self.kills += 1
        self.server.start(self.port)

    def terminal(self):
        return self.server.rows("SELECT * FROM task WHERE state IN ('succeeded', 'failed')")

    def test_tasks_survive_kills_under_all_faults_and_each_is_made_once(self):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            jobs = [clients.submit(self.create, number) for number in range(TASKS)]
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                time.sleep(self.chance.uniform(.05, .5))
                self.kill_and_start()
            ended_under_kills = len(self.terminal())
            ids = [job.result() for job in jobs]
        self.assertEqual(len(set(ids)), TASKS)
        began = time.monotonic()
        while len(self.terminal()) < TASKS:
            self.assertLess(time.monotonic() - began, WAIT_SECONDS, f"seed {self.seed}: {self.open_tasks()}")
            time.sleep(.5)
        print(f"\nseed {self.seed}: {self.kills} kills in {SECONDS:.0f} s, {ended_under_kills} tasks ended among them, the last "
              f"{time.monotonic() - began:.0f} s after; faults {dict(self.upstream.faults)}", flush=True)
        with self.subTest("callbacks", seed=self.seed):
            self.check_callbacks()
        with self.subTest("tasks", seed=self.seed):
            self.check_tasks(ids)
        with self.subTest("upstream", seed=self.seed):
            self.check_upstream()
        with self.subTest("what clients saw", seed=self.seed):
            self.assertEqual(self.witness.finds(self.upstream.secrets() + self.server.upstream_secrets()), [])
        self.assertEqual(self.server.stop(), 0)
        self.check_files()

    def open_tasks(self):
        rows = self.server.rows("SELECT t.id, t.state, t.attempt, a.state AS at, a.status, a.reason, a.absent_lookups FROM task t "
                                "LEFT JOIN attempt a ON a.task = t.id AND a.number = t.attempt WHERE t.ended_ms IS NULL")
        return [tuple(row) for row in rows]

    def check_tasks(self, ids):
        ended = {row["id"]: row["state"] for row in self.terminal()}
        self.assertEqual(sorted(ended), sorted(map(int, ids)))
        ledger = self.server.rows("SELECT task, units FROM ledger")
        self.assertEqual(sorted(row["task"] for row in ledger), sorted(ended), "one line for each")
        for row in ledger:
            self.assertEqual(row["units"] > 0, ended[row["task"]] == "succeeded")
        finals = collections.Counter(row["task"] for row in self.server.rows("SELECT task FROM event WHERE name IN ('succeeded', 'failed')"))
        self.assertEqual(set(finals.values()), {1})
        made = {int(handle.split("-")[0]): job for handle, job in self.upstream.jobs.items()}
        for task_id in ids:
            data = self.server.task(task_id, OFFICIAL)
            self.server.request("GET", f"/rushes/v1/tasks/{task_id}")
            self.assertEqual(data["task_status"], "failed" if made[int(task_id)]["fails"] else "succeed", data)
            if data["task_status"] == "succeed":
                file = self.server.download(data["task_result"]["videos"][0]["url"])
                self.assertEqual((file.status, file.body), (200, self.upstream.video))
            else:
                self.assertEqual(data["task_status_msg"], "Failure to pass the risk control system")

    def check_upstream(self):
        """One accepted job for each task, bound to the attempt that asked for it, and nobody ever asked twice."""
        self.assertEqual(self.upstream.repeated, [], "creates of what was accepted before")
        self.assertEqual(self.upstream.foreign, [], "questions by another credential than the one that submitted")
        jobs_of = collections.Counter(handle.split("-")[0] for handle in self.upstream.jobs)
        self.assertEqual((len(jobs_of), set(jobs_of.values())), (TASKS, {1}))
        attempts = {row["handle"]: row for row in self.server.rows("SELECT * FROM attempt")}
        for handle, job in self.upstream.jobs.items():
            self.assertEqual(attempts[handle]["upstream_id"], job["id"])
            self.assertEqual(attempts[handle]["state"], "failed" if job["fails"] else "succeeded")

    def check_callbacks(self):
        """Every end was delivered or will be tried; each event has one id and one body."""
        bodies = collections.defaultdict(set)
        for number, call in enumerate(list(self.receiver.calls)):
            bodies[call.id].add(call.body)
            self.witness.saw(f"callback {number}", call.headers, call.body)
        self.assertEqual({len(different) for different in bodies.values()}, {1})
        rows = self.server.rows("SELECT * FROM delivery WHERE terminal = 1")
        self.assertEqual(len({row["task"] for row in rows}), TASKS)
        self.assertEqual(len(rows), TASKS)
        for row in rows:
            self.assertIn(row["state"], ("pending", "delivered"))
            if row["state"] == "delivered":
                self.assertEqual(bodies[str(row["id"])], {row["body"].encode()})
        delivered = sum(row["state"] == "delivered" for row in rows)
        print(f"callbacks of ends: {delivered} delivered, {TASKS - delivered} scheduled; {len(self.receiver.calls)} calls in all", flush=True)

    def check_files(self):
        """Every file is named by a task and is what its checksum says; nothing half-written lies about."""
        stored = {name: os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(self.server.data, "blobs")) for name in names}
        artifacts = {row["blob_key"]: row for row in self.server.rows("SELECT * FROM artifact")}
        self.assertEqual(len(artifacts), 2 * sum(row["state"] == "succeeded" for row in self.terminal()), "a video and a poster for each")
        self.assertEqual(len(stored), len(artifacts), sorted(stored)[:5])
        sums = collections.Counter()
        for path in stored.values():
            with open(path, "rb") as file:
                sums[hashlib.sha256(file.read()).hexdigest()] += 1
        self.assertEqual(sums, collections.Counter(row["sha256"] for row in artifacts.values()))
        work = os.path.join(self.server.data, "work")
        self.assertEqual(os.listdir(work) if os.path.isdir(work) else [], [])


if __name__ == "__main__":
    unittest.main()
