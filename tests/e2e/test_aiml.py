"""AI/ML API as its clients meet it: programs like the vendor's samples, errors, both dialects on one store."""
import json
import os
import shutil
import subprocess
import sys
import unittest
import urllib.parse

from harness import OFFICIAL, ServerTest

UNIVERSAL = "/v2/video/generations"
VENDOR = "/v2/generate/video/kling/generation"
HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = [[sys.executable, os.path.join(HERE, "aiml_sample.py")]]
if shutil.which("node"):
    PROGRAMS.append(["node", os.path.join(HERE, "aiml_sample.cjs")])
INTERVAL_SECONDS = "0.3"  # the vendor's samples wait 10 to 15
MASTER = {"model": "klingai/v2.1-master-text-to-video", "prompt": "A cheerful white raccoon running through a sequoia forest"}


class Aiml(ServerTest):
    config = "[previz]\nscale = 0.1\n"

    def run_sample(self, program, path, body):
        """The last generation that the program saw, and all lines it printed."""
        done = subprocess.run([*program, f"http://127.0.0.1:{self.server.port}", path, self.server.key, INTERVAL_SECONDS],
                              input=json.dumps(body), capture_output=True, text=True, timeout=300)
        lines = done.stdout.splitlines()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Processing complete:", lines)
        return json.loads(lines[-1]), lines

    def test_programs_like_the_vendors_samples_get_their_video(self):
        bodies = (
            (VENDOR, MASTER, 5),
            (VENDOR, {**MASTER, "type": "text-to-video", "aspect_ratio": "16:9", "negative_prompt": "rain", "duration": 5, "cfg_scale": 1,
                      "camera_control": {"type": "simple", "config": {"pan": 5}}}, 5),
            (VENDOR, {**MASTER, "model": "klingai/v2-master-text-to-video", "aspect_ratio": "16:9", "duration": "5", "cfg_scale": 0.9}, 5),
            (UNIVERSAL, {**MASTER, "aspect_ratio": "9:16", "camera_control": "down_back"}, 5),
            (UNIVERSAL, {"model": "klingai/video-v3-standard-text-to-video", "aspect_ratio": "16:9", "duration": 4, "multi_prompt": [
                "A raccoon runs through a giant sequoia forest.", "Close-up of the raccoon's face.", "Sequoia trees sway in the wind."]}, 4),
            (UNIVERSAL, {"model": "klingai/video-v3-standard-turbo-text-to-video", "multi_prompt": [
                {"prompt": "A fox in the snow", "duration": 2}, {"prompt": "The fox sleeps", "duration": 1}]}, 3))
        for number, (path, body, seconds) in enumerate(bodies):
            generation, lines = self.run_sample(PROGRAMS[number % len(PROGRAMS)], path, body)
            with self.subTest(model=body["model"], path=path):
                self.assertEqual(generation["status"], "completed", generation)
                self.assertEqual(lines[0], f"Generation ID: {generation['id']}")
                video = generation["video"]
                self.assertEqual((video["content_type"], video["duration"], generation["duration"]), ("video/mp4", seconds, seconds))
                file = self.server.download(video["url"])
                self.assertEqual((file.status, len(file.body)), (200, video["file_size"]))
                self.assertNotIn("error", generation)
                usage = generation["meta"]["usage"]
                self.assertEqual(usage["tokens_used"], usage["credits_used"])

    def test_a_sample_prints_a_refusal(self):
        for program in PROGRAMS:
            done = subprocess.run([*program, f"http://127.0.0.1:{self.server.port}", UNIVERSAL, self.server.key, INTERVAL_SECONDS],
                                  input='{"model":"klingai/none"}', capture_output=True, text=True, timeout=60)
            self.assertIn("Error: 400 - ", done.stdout)
            self.assertIn("Invalid enum value. Expected 'kling-video/v1/standard/text-to-video'", done.stdout)

    def post(self, body, path=UNIVERSAL, **more):
        return self.server.request("POST", path, body, **more)

    def poll(self, generation_id, path=UNIVERSAL, **more):
        return self.server.request("GET", f"{path}?generation_id={generation_id}", **more)

    def test_ids_travel_as_clients_spell_them(self):
        made = self.post(MASTER).json["id"]
        self.assertRegex(made, r"^\d{18}$")
        for spelling in (made, made + ":kling-video/v2.1/master/text-to-video",
                         urllib.parse.quote(made + ":kling-video/v2.1/master/text-to-video", safe="")):
            for path in (UNIVERSAL, VENDOR):
                self.assertEqual(self.poll(spelling, path).json["id"], made)
        self.assertEqual(self.server.request("GET", UNIVERSAL).status, 400)

    def test_refusals_have_the_vendors_shape(self):
        cases = ((self.post(MASTER, key="nope"), 401), (self.post(b"[]"), 400), (self.post({**MASTER, "duration": 7}), 400),
                 (self.poll("12345"), 404), (self.server.request("DELETE", UNIVERSAL), 404), (self.server.request("GET", "/v2/other"), 404))
        for reply, status in cases:
            self.assertEqual(reply.status, status, reply.body)
            self.assertEqual(list(reply.json), ["message", "path", "requestId", "statusCode", "timestamp"])
            self.assertEqual((reply.json["statusCode"], reply.json["requestId"]), (status, reply.headers["X-Request-Id"]))
            self.assertRegex(reply.json["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_tracing_headers(self):
        reply = self.post(MASTER, headers={"X-Client-Request-Id": "trace:1"})
        self.assertEqual(reply.headers["x-client-request-id"], "trace:1")
        self.assertEqual(reply.headers["x-inference-id"], reply.json["id"])
        self.assertEqual((reply.headers["x-aimlapi-credits-used"], reply.headers["x-aimlapi-usd-spent"]), ("2800000", "1.4"))
        self.assertEqual(reply.json["meta"]["usage"]["credits_used"], 2800000)
        exposed = reply.headers["Access-Control-Expose-Headers"].split(", ")
        for name in ("x-inference-id", "x-client-request-id", "x-aimlapi-credits-used", "x-aimlapi-usd-spent"):
            self.assertIn(name, exposed)
        self.assertIsNone(self.post(MASTER, headers={"X-Client-Request-Id": "a b"}).headers["x-client-request-id"])

    def test_one_store_under_both_dialects(self):
        ours = self.post({**MASTER, "external_task_id": "order-17"}, VENDOR).json["id"]
        seen = self.server.request("GET", f"{OFFICIAL}/order-17").json["data"]
        self.assertEqual((seen["task_id"], seen["task_info"]), (ours, {"external_task_id": "order-17"}))
        self.assertIn(seen["task_status"], ("submitted", "processing", "succeed"))
        self.assertIn(ours, [task["task_id"] for task in self.server.request("GET", OFFICIAL).json["data"]])
        theirs = self.server.create({"prompt": "clouds", "external_task_id": "order-18"}, OFFICIAL)
        for name in (theirs, "order-18"):
            self.assertEqual(self.poll(name).json["id"], theirs)
        self.assertEqual(self.post({**MASTER, "external_task_id": "order-18"}, VENDOR).status, 400)


if __name__ == "__main__":
    unittest.main()
