"""A vendor of Kling's shape that goes wrong by chance, and keeps count of what it accepted."""
import collections
import http.server
import json
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid

PATH = "/v1/videos/text2video"
HTML = (b"<html><body><center><h1>504 Gateway Time-out</h1></center></body></html>", "text/html")
SECONDS = 5


def tiny_video():
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        subprocess.run(["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", f"testsrc=size=64x36:rate=8:duration={SECONDS}",
                        "-pix_fmt", "yuv420p", "-movflags", "+faststart", file.name], check=True)
        return file.read()


class Upstream:
    """`keys`: what its customers hold. `chance`: a random.Random, or None for a vendor without faults.

    What is checked afterwards: `jobs` by our handle, `repeated` creates of a handle that was accepted before, and `foreign`
    questions about a job by another key than it was made with.
    """
    # Of creates and of queries, by chance; the rest is answered as the vendor's page says.
    CREATE_FAULTS = {"accept, close": .08, "accept, 504": .08, "accept, slow": .06, "close": .04, "5000": .05, "1303": .05, "504": .03}
    QUERY_FAULTS = {"close": .03, "504": .03, "5000": .03, "slow": .02, "unknown word": .03}
    MEDIA_FAULTS = {"cut": .08, "403": .05}
    SLOW_SECONDS = 1.6

    def __init__(self, keys, chance=None, slowest_seconds=4.0):
        upstream = self
        self.keys, self.chance, self.slowest_seconds = keys, chance, slowest_seconds
        self.lock = threading.Lock()
        self.jobs, self.by_id = {}, {}
        self.repeated, self.foreign, self.faults = [], [], collections.Counter()
        self.request_ids = []
        self.video = tiny_video()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                upstream.answer_get(self)

            def do_POST(self):
                upstream.answer_post(self, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def log_message(self, *_):
                pass

            def reply(self, status, body, content_type="application/json", missing=0):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body) + missing))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = self.close_connection or missing > 0

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_):
                pass  # the other side was killed

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def fault(self, rates):
        if self.chance is None:
            return None
        with self.lock:
            at = self.chance.random()
            for name, rate in rates.items():
                at -= rate
                if at < 0:
                    self.faults[name] += 1
                    return name
        return None

    def envelope(self, handler, status, code, message, data=None):
        request_id = str(uuid.uuid4())
        self.request_ids.append(request_id)
        body = {"code": code, "message": message, "request_id": request_id}
        if data is not None:
            body["data"] = data
        handler.reply(status, json.dumps(body).encode())

    def fail(self, handler, fault):
        """Answers as the fault says; False if it is none that ends the request."""
        if fault == "close":
            handler.close_connection = True
        elif fault == "504":
            handler.reply(504, *HTML)
        elif fault == "5000":
            self.envelope(handler, 500, 5000, "Internal server error")
        elif fault == "1303":
            self.envelope(handler, 429, 1303, "parallel task over resource pack limit")
        else:
            return False
        return True

    def key_of(self, handler):
        key = handler.headers["Authorization"].removeprefix("Bearer ")
        if key in self.keys:
            return key
        self.envelope(handler, 401, 1002, "Authorization is invalid")
        return None

    def answer_post(self, handler, body):
        key = self.key_of(handler)
        if key is None:
            return
        fault = self.fault(self.CREATE_FAULTS)
        if self.fail(handler, fault):
            return
        handle = body["external_task_id"]
        with self.lock:
            known = handle in self.jobs
            if known:
                self.repeated.append(handle)
            else:
                job = self.make_job(key, handle, body)
        if known:
            self.envelope(handler, 400, 1201, "external_task_id already exists")
            return
        threading.Thread(target=self.call_back, args=(job,), daemon=True).start()
        if fault == "accept, close":
            handler.close_connection = True
        elif fault == "accept, 504":
            handler.reply(504, *HTML)
        else:
            if fault == "accept, slow":
                time.sleep(self.SLOW_SECONDS)
            self.envelope(handler, 200, 0, "SUCCEED", self.task_of(job))

    def make_job(self, key, handle, body):
        now = time.time()
        chance = self.chance.random() if self.chance else 1
        length = 0.5 + (self.chance.random() if self.chance else 0) * self.slowest_seconds
        job = {"id": str(7 * 10**17 + uuid.uuid4().int % 10**17), "key": key, "handle": handle, "made": now, "ends": now + length,
               "fails": chance < .1, "callback": body.get("callback_url"), "queries": 0}
        self.jobs[handle] = self.by_id[job["id"]] = job
        return job

    def task_of(self, job, unknown_word=False):
        now = time.time()
        data = {"task_id": job["id"], "task_info": {"external_task_id": job["handle"]},
                "created_at": int(job["made"] * 1000), "updated_at": int(now * 1000)}
        if now < job["ends"]:
            waits = now < job["made"] + (job["ends"] - job["made"]) / 4
            return {**data, "task_status": "dreaming" if unknown_word else "submitted" if waits else "processing"}
        if job["fails"]:
            return {**data, "task_status": "failed", "task_status_msg": "Failure to pass the risk control system",
                    "final_unit_deduction": "0"}
        url = f"http://127.0.0.1:{self.port}/media/{job['id']}.mp4?token={uuid.uuid4().hex}"
        return {**data, "task_status": "succeed", "task_status_msg": "", "final_unit_deduction": "1",
                "task_result": {"videos": [{"id": str(uuid.uuid4()), "url": url, "duration": str(SECONDS)}]}}

    def answer_get(self, handler):
        if handler.path.startswith("/media/"):
            fault = self.fault(self.MEDIA_FAULTS)
            if fault == "403":
                handler.reply(403, b"<Error>expired</Error>", "application/xml")
            elif fault == "cut":
                handler.reply(200, self.video[:len(self.video) // 2], "video/mp4", missing=len(self.video) - len(self.video) // 2)
            else:
                handler.reply(200, self.video, "video/mp4")
            return
        key = self.key_of(handler)
        if key is None:
            return
        fault = self.fault(self.QUERY_FAULTS)
        if self.fail(handler, fault):
            return
        name = urllib.parse.unquote(handler.path.removeprefix(PATH + "/"))
        with self.lock:
            job = self.by_id.get(name) or self.jobs.get(name)
            if job is not None and job["key"] != key:
                self.foreign.append(name)
                job = None
        if job is None:
            self.envelope(handler, 404, 1203, "The requested resource does not exist")
            return
        if fault == "slow":
            time.sleep(self.SLOW_SECONDS)
        self.envelope(handler, 200, 0, "SUCCEED", self.task_of(job, unknown_word=fault == "unknown word"))

    def call_back(self, job):
        """Once when it ends, and with faults often a second time; nobody there is no reason to try again."""
        time.sleep(max(0.0, job["ends"] - time.time()))
        for _ in range(2 if self.chance else 1):
            try:
                body = json.dumps(self.task_of(job)).encode()
                request = urllib.request.Request(job["callback"], body, {"Content-Type": "application/json"}, method="POST")
                urllib.request.urlopen(request, timeout=5).read()
            except OSError:
                pass

    def secrets(self):
        """What clients of the server before it may not see."""
        found = [("host and port", f"127.0.0.1:{self.port}")] + [("key", key) for key in self.keys]
        found += [("upstream's task id", job["id"]) for job in self.by_id.values()]
        return found + [("upstream's request id", request_id) for request_id in self.request_ids]
