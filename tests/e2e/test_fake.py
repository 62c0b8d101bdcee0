"""The offline twin: a provider that is scripted, for people who test their own integration."""
import os
import tempfile
import time
import unittest

from harness import OFFICIAL, Server, ServerTest, probe, rushes

AIML = "/v2/video/generations"
BODY = {"model_name": "kling-v2-6", "prompt": "A fox in the snow", "duration": "5"}
# A second in the queue and ten of rendering, sixty times as fast.
QUICK = "time_scale = 60"


def config(*rules, server="", more=""):
    return "\n".join([
        "[server]", server,
        "[[provider]]", 'name = "twin"', 'adapter = "fake"', "poll_interval_ms = 100", "requests_per_second = 1000", more,
        "[provider.rules]", QUICK, *rules, ""])


class TwinTest(ServerTest):
    def rendered(self, data):
        self.assertEqual(data["task_status"], "succeed", data)
        return data["task_result"]["videos"][0]

    def failed(self, data):
        self.assertEqual(data["task_status"], "failed", data)
        return data["task_status_msg"]

    def native(self, task_id):
        return self.server.request("GET", f"/rushes/v1/tasks/{task_id}").json

    def wait_for(self, condition, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited too long")
            time.sleep(0.05)

    def create(self, rule=None, **fields):
        return self.server.create({**BODY, **fields}, OFFICIAL, headers={"X-Rushes-Fake": rule} if rule else None)

    def probe(self, url):
        reply = self.server.download(url)
        self.assertEqual((reply.status, reply.headers["Content-Type"]), (200, "video/mp4"))
        with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
            file.write(reply.body)
            file.flush()
            found = probe(file.name)
        stream = found["streams"][0]
        return stream["width"], stream["height"], int(stream["nb_read_frames"]), stream["r_frame_rate"], reply.body


class Twin(TwinTest):
    config = config()

    def test_a_task_takes_its_scaled_time_and_ends_with_a_playable_video(self):
        begun = time.monotonic()
        data = self.server.wait(self.create(), OFFICIAL)
        video = self.rendered(data)
        self.assertLess(time.monotonic() - begun, 20)
        width, height, frames, rate, _ = self.probe(video["url"])
        self.assertEqual((width, height, frames, rate), (1280, 720, 121, "24/1"))
        self.assertEqual(video["duration"], "5.041")
        self.assertNotIn("fake", str(data))

    def test_sizes_and_frame_rates_are_those_of_the_mode_the_aspect_ratio_and_the_model(self):
        square = self.create(mode="pro", aspect_ratio="1:1")
        tall = self.create(model_name="kling-v1", aspect_ratio="9:16")
        self.assertEqual(self.probe(self.rendered(self.server.wait(square, OFFICIAL))["url"])[:4], (1440, 1440, 121, "24/1"))
        fast = self.rendered(self.server.wait(tall, OFFICIAL))
        self.assertEqual(self.probe(fast["url"])[:4], (720, 1280, 153, "30/1"))
        self.assertEqual(fast["duration"], "5.1")

    def test_a_watermarked_video_is_another_one(self):
        video = self.rendered(self.server.wait(self.create(watermark_info={"enabled": True}), OFFICIAL))
        plain, marked = self.probe(video["url"]), self.probe(video["watermark_url"])
        self.assertEqual(plain[:4], marked[:4])
        self.assertNotEqual(plain[4], marked[4])

    def test_the_header_means_nothing_on_a_server_that_is_not_for_development(self):
        for rule in ("fail_every=1", "nonsense"):
            reply = self.server.request("POST", OFFICIAL, BODY, headers={"X-Rushes-Fake": rule})
            self.assertEqual(reply.status, 200, reply.body)
            self.assertNotIn("fake", (str(reply.headers) + str(reply.body)).lower())
            self.rendered(self.server.wait(reply.json["data"]["task_id"], OFFICIAL))

    def test_a_camera_of_the_aiml_dialect_is_dropped_and_reported(self):
        body = {"model": "klingai/v2.1-master-text-to-video", "prompt": "A fox", "camera_control": "down_back"}
        reply = self.server.request("POST", AIML, body)
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.headers["X-Rushes-Ignored-Fields"], "camera_control")
        task_id = reply.json["id"]
        self.assertEqual(self.native(task_id)["ignored_fields"], ["camera_control"])
        self.rendered(self.server.wait(task_id, OFFICIAL))
        older = self.server.request("POST", OFFICIAL, {**BODY, "camera_control": {"type": "down_back"}})
        self.assertEqual((older.status, older.json["code"]), (400, 1201))


class Rules(TwinTest):
    config = config(
        "[provider.rules.fails]", "fail_every = 1", 'fail_reason = "Failure to pass the risk control system"',
        "[provider.rules.hangs]", "hang_every = 1",
        "[provider.rules.unknown_word]", "unknown_word_every = 1",
        "[provider.rules.busy]", "answer_1303_every = 2",
        "[provider.rules.forgets]", "forget_every = 2", "forget_after_ms = 0", server="development = true")

    def test_a_rule_of_the_header_holds_for_its_task_only(self):
        bad, good = self.create("fails"), self.create()
        self.assertEqual(self.failed(self.server.wait(bad, OFFICIAL)), "Failure to pass the risk control system")
        self.rendered(self.server.wait(good, OFFICIAL))

    def test_rules_are_also_written_out(self):
        task_id = self.create("fail_every=1, fail_reason=Server internal error of 10.0.0.1")
        self.assertNotIn("10.0.0.1", self.failed(self.server.wait(task_id, OFFICIAL)))

    def test_an_unknown_rule_is_refused_at_once_and_stores_nothing(self):
        for rule, message in (("nonsense", "X-Rushes-Fake: rule 'nonsense' is unknown: no rule of the configuration has that name"),
                              ("hang_every=often", "X-Rushes-Fake: hang_every value 'often' is invalid: it must be a whole number")):
            reply = self.server.request("POST", OFFICIAL, {**BODY, "external_task_id": "kept-out"}, headers={"X-Rushes-Fake": rule})
            self.assertEqual((reply.status, reply.json["code"]), (400, 1201))
            self.assertTrue(reply.json["message"].startswith(message), reply.json["message"])
        self.assertEqual(self.server.request("GET", OFFICIAL + "/kept-out").status, 404)

    def test_an_idempotency_key_stands_for_its_rule_too(self):
        headers = {"Idempotency-Key": "one", "X-Rushes-Fake": "fails"}
        first = self.server.request("POST", OFFICIAL, BODY, headers=headers)
        again = self.server.request("POST", OFFICIAL, BODY, headers=headers)
        self.assertEqual(first.json["data"]["task_id"], again.json["data"]["task_id"])
        other = self.server.request("POST", OFFICIAL, BODY, headers={"Idempotency-Key": "one"})
        self.assertEqual((other.status, other.json["code"]), (400, 1201))

    def test_too_many_jobs_are_waited_for_and_not_failed(self):
        for task_id in [self.create("busy"), self.create("busy")]:
            self.rendered(self.server.wait(task_id, OFFICIAL))

    def test_a_job_that_hangs_cannot_be_cancelled_any_more(self):
        task_id = self.create("hangs")
        self.wait_for(lambda: self.server.task(task_id, OFFICIAL)["task_status"] == "processing")
        reply = self.server.request("POST", f"/rushes/v1/tasks/{task_id}/cancel")
        self.assertEqual((reply.status, reply.json["code"]), (400, 1201), reply.body)
        self.assertIn("too late", reply.json["message"])
        self.assertEqual(self.server.task(task_id, OFFICIAL)["task_status"], "processing")

    def test_a_word_that_nobody_knows_is_a_job_that_goes_on(self):
        self.rendered(self.server.wait(self.create("unknown_word"), OFFICIAL))

    def test_a_job_that_was_forgotten_is_made_again(self):
        tasks = [self.create("forgets"), self.create("forgets")]
        for task_id in tasks:
            self.rendered(self.server.wait(task_id, OFFICIAL))
        self.assertGreaterEqual(max(self.native(task_id)["attempt"] for task_id in tasks), 2)

    def test_the_rule_survives_a_kill_and_a_restart_forgets_the_jobs(self):
        server = Server(config=self.config)
        self.addCleanup(server.remove)
        task_id = server.create(BODY, OFFICIAL, headers={"X-Rushes-Fake": "fails"})
        server.kill()
        server.start()
        other = server.create(BODY, OFFICIAL)
        self.assertEqual(server.wait(other, OFFICIAL)["task_status"], "succeed")
        self.assertEqual(self.failed(server.wait(task_id, OFFICIAL)), "Failure to pass the risk control system")


class EveryNth(TwinTest):
    config = config("fail_every = 3")

    def test_every_third_job_fails_with_the_reason(self):
        ended = [self.server.wait(self.create(), OFFICIAL) for _ in range(3)]
        self.assertEqual([data["task_status"] for data in ended], ["succeed", "succeed", "failed"])
        self.assertEqual(self.failed(ended[2]), "Failure to pass the risk control system")


class CallsBack(TwinTest):
    # Polls would come once an hour.
    config = config(server='public_base_url = "http://video.example.com/base"').replace("poll_interval_ms = 100", "poll_interval_ms = 3600000")

    def test_its_callbacks_are_heard_without_a_poll(self):
        self.rendered(self.server.wait(self.create(), OFFICIAL, seconds=60))


class Stops(unittest.TestCase):
    def test_a_server_stops_while_answers_are_slow_and_jobs_hang(self):
        server = Server(config=config("latency_ms = 20000", "hang_every = 1"))
        self.addCleanup(server.remove)
        server.create(BODY, OFFICIAL)
        begun = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - begun, 10)


class Refusals(unittest.TestCase):
    def refusal(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "rushes.toml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            done = rushes("serve", "--listen", "127.0.0.1:0", "--data", os.path.join(folder, "data"), "--config", path)
            self.assertNotEqual(done.returncode, 0)
            return done.stderr

    def test_what_is_wrong_is_said_with_the_provider(self):
        self.assertIn("provider 'My Twin': name value 'My Twin' is invalid", self.refusal('[[provider]]\nname = "My Twin"\nadapter = "fake"\n'))
        unknown = self.refusal('[[provider]]\nname = "twin"\nadapter = "fake"\n[provider.rules]\nslow = 1\n')
        self.assertIn("provider 'twin': rule 'slow' is unknown", unknown)
        self.assertIn("rules are of no use", self.refusal(
            '[[provider]]\nname = "k"\nadapter = "kling"\nbase_url = "https://k.example.com"\n[provider.rules]\nfail_every = 1\n'))
        self.assertIn("'server.development' must be true or false", self.refusal("[server]\ndevelopment = 1\n"))


if __name__ == "__main__":
    unittest.main()
