"""kill -9 at random moments loses nothing and does nothing twice."""
import concurrent.futures
import hashlib
import os
import random
import subprocess
import tempfile
import threading
import time
import unittest

from harness import POWERTOKENS, Server, probe

TASKS = 50
KILLS = 5
CREATES = 1000
CLIENTS = 1000


class Crash(unittest.TestCase):
    def test_50_tasks_survive_5_kills_and_each_succeeds_once(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        server = Server()
        self.addCleanup(server.remove)
        ids = [server.create({"prompt": f"A red fox running through a forest, take {i}", "duration": "3"}) for i in range(TASKS)]
        self.assertEqual(len(set(ids)), TASKS)
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.3, 3.0))
            server.kill()
            server.start()
        checksums = {}
        for task_id in ids:
            data = server.wait(task_id)
            self.assertEqual(data["task_status"], "succeed", f"seed {seed}: {data}")
            reply = server.download(data["task_result"]["videos"][0]["url"])
            self.assertEqual(reply.status, 200)
            checksums[task_id] = hashlib.sha256(reply.body).hexdigest()
            self.assertEqual(reply.headers["ETag"].strip('"'), checksums[task_id])
            with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
                file.write(reply.body)
                file.flush()
                self.assertEqual(probe(file.name)["streams"][0]["nb_read_frames"], "90", f"seed {seed}")
            events = server.request("GET", f"/rushes/v1/tasks/{task_id}").json["events"]
            finals = [event for event in events if event["name"] in ("succeeded", "failed")]
            self.assertEqual(len(finals), 1, f"seed {seed}: {events}")
        # The list shows each task once, and no half-written file lies about.
        listed = server.request("GET", f"{POWERTOKENS}?pageSize=500").json["data"]
        self.assertEqual(sorted(task["task_id"] for task in listed), sorted(ids))
        stale = [name for _, _, names in os.walk(os.path.join(server.data, "blobs")) for name in names if ".tmp" in name]
        self.assertEqual(stale, [], f"seed {seed}")
        videos = [name for _, _, names in os.walk(os.path.join(server.data, "blobs")) for name in names]
        self.assertEqual(len(videos), 2 * TASKS, "a video and a poster for each task, nothing else")

    def test_every_id_that_a_client_received_exists_after_a_kill(self):
        server = Server(config="[previz]\nscale = 0.1\n[engine]\nqueue_per_account = 5000\n")
        self.addCleanup(server.remove)
        received, lock = [], threading.Lock()

        def create(index):
            try:
                reply = server.request("POST", POWERTOKENS, {"prompt": f"task {index}"})
            except OSError:
                return
            except Exception:  # a reply cut off in the middle gave the client no id
                return
            if reply.status == 200:
                with lock:
                    received.append(reply.json["data"]["task_id"])

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            jobs = [clients.submit(create, index) for index in range(CREATES)]
            while len(received) < CREATES // 3:
                time.sleep(0.001)
            server.kill()
            concurrent.futures.wait(jobs)
        server.start()
        self.assertGreaterEqual(len(received), CREATES // 3)
        self.assertEqual(len(set(received)), len(received))
        for task_id in received:
            self.assertIn(server.task(task_id)["task_status"], ("submitted", "processing", "succeed"))

    def test_a_render_does_not_outlive_its_killed_server(self):
        server = Server(config="[previz]\nscale = 1.0\n")
        self.addCleanup(server.remove)
        task_id = server.create({"prompt": "clouds over a mountain ridge", "duration": "15"})
        while server.task(task_id)["task_status"] != "processing":
            time.sleep(0.05)
        children = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True).stdout.split()
        self.assertTrue(children)
        server.kill()
        deadline = time.monotonic() + 10
        while any(os.path.exists(f"/proc/{child}") for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertFalse([child for child in children if os.path.exists(f"/proc/{child}")])


if __name__ == "__main__":
    unittest.main()
