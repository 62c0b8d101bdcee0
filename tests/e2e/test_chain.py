"""Three in a row: a client, Rushes with a remote provider, and a second Rushes that is that provider."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from harness import OFFICIAL, POWERTOKENS, Witness, free_port, probe, rushes
from provider_case import ChainTest, credential, new_key
from test_callbacks import Receiver, statuses, verify_with_npm

UNIVERSAL = "/v2/video/generations"
VENDOR = "/v2/generate/video/kling/generation"
SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "aiml_sample.py")
SMALL = {"model_name": "kling-v3", "prompt": "A fox in the snow", "duration": "3"}


def frames_of(body):
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(body)
        file.flush()
        return int(probe(file.name)["streams"][0]["nb_read_frames"])


class ViewTest(ChainTest):
    def look_everywhere(self, task_id, path=OFFICIAL):
        """Everything that a client can ask about a task; the witness keeps the answers."""
        views = [f"{path}/{task_id}", f"{path}?pageSize=500", f"/rushes/v1/tasks/{task_id}", "/rushes/v1/tasks?page_size=100",
                 f"/rushes/v1/deliveries?task={task_id}", "/account/costs?start_time=0&end_time=9999999999999",
                 f"{UNIVERSAL}?generation_id={task_id}", f"{VENDOR}?generation_id={task_id}", "/rushes/v1/models"]
        return [self.outer.request("GET", view) for view in views]

    def upstream_of_when_bound(self, task_id):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            rows = self.outer.rows("SELECT upstream_id FROM attempt WHERE task = ? AND upstream_id <> ''", int(task_id))
            if rows:
                return rows[0]["upstream_id"]
            time.sleep(0.05)
        raise AssertionError(f"task {task_id} was not accepted")

    def inner_spec(self, upstream_id):
        """What the provider was asked for, as it understood it."""
        return json.loads(self.inner.rows("SELECT spec FROM task_body WHERE id = ?", int(upstream_id))[0]["spec"])

    def ask_operator(self, task_id):
        """What only the operator sees: not for the witness."""
        done = rushes("tasks", "show", task_id, "--operator", "--json", "--data", self.outer.data, "--config", self.outer.config)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def check_files(self, task_id, url, frames):
        file = self.outer.download(url)
        self.assertEqual((file.status, file.headers["Content-Type"]), (200, "video/mp4"))
        self.assertTrue(url.startswith(f"http://{self.outer.address()}/files/"), url)
        self.assertEqual(frames_of(file.body), frames)
        path = url[url.index("/files/"):]
        self.assertEqual(self.outer.request("HEAD", path, key=None).headers["Content-Length"], str(len(file.body)))
        self.assertEqual(self.outer.request("GET", path, key=None, headers={"Range": "bytes=0-9"}).status, 206)
        self.assertEqual(self.outer.request("GET", path.replace("signature=", "signature=A"), key=None).status, 403)
        poster = self.outer.request("GET", f"/rushes/v1/tasks/{task_id}").json["poster_url"]
        self.assertEqual(self.outer.download(poster).body[:2], b"\xff\xd8")


class Kling(ViewTest):
    """The provider `kling` outside, and the mount `/kling` of the second server."""
    routes = """
[[route]]
model = "kling-v2-6"
to = [{ provider = "kitchen-provider", model = "kling-v2-5-turbo" }]
[[route]]
model = "*"
to = [{ provider = "kitchen-provider" }]
"""

    def test_a_video_comes_through_and_callbacks_verify(self):
        secret = json.loads(rushes("deliveries", "secret", "create", "--account", "default", "--json", "--data", self.outer.data,
                                   "--config", self.outer.config).stdout)["secret"]
        time.sleep(1.1)  # secrets are remembered for a second
        receiver = Receiver()
        self.addCleanup(self.hear, receiver)
        began = time.monotonic()
        task_id = self.outer.create({**SMALL, "callback_url": receiver.url, "external_task_id": "order 17"}, OFFICIAL)
        data = self.outer.wait(task_id, OFFICIAL)
        self.assertEqual(data["task_status"], "succeed", data)
        self.assertLess(time.monotonic() - began, self.interval_ms / 1000 / 10, "the provider called back")
        self.assertEqual(data["task_info"], {"external_task_id": "order 17"})
        video = data["task_result"]["videos"][0]
        self.assertEqual(video["duration"], "3")
        self.check_files(task_id, video["url"], 72)

        calls = receiver.wait(lambda got: got and got[-1].json["task_status"] == "succeed")
        # What was not yet sent when the task ended is not sent any more.
        self.assertEqual(statuses(calls), [word for word in ("submitted", "processing", "succeed") if word in statuses(calls)])
        self.assertEqual(verify_with_npm(calls, secret), ["ok"] * len(calls))
        self.assertEqual(len({call.id for call in calls}), len(calls))
        self.assertEqual(calls[-1].json, self.outer.task(task_id, OFFICIAL))

        upstream = self.upstream_of(task_id)
        self.assertNotEqual(upstream, task_id)
        inner = self.inner.task(upstream)
        self.assertEqual(inner["task_info"], {"external_task_id": task_id}, "our public id is the handle, never the client's")
        self.assertEqual(inner["final_unit_deduction"], data["final_unit_deduction"])
        sent = self.inner_spec(upstream)
        for private in (receiver.url, "order 17"):
            self.assertNotIn(private, json.dumps(sent))
        report = self.ask_operator(task_id)
        self.assertEqual(len(report["attempts"]), 1)
        attempt = report["attempts"][0]
        self.assertEqual({name: attempt[name] for name in ("state", "provider", "credential", "model", "handle", "upstream_id", "cost")},
                         {"state": "succeeded", "provider": "kitchen-provider", "credential": "cellar-credential", "model": "kling-v3",
                          "handle": task_id, "upstream_id": upstream, "cost": inner["final_unit_deduction"]})
        self.assertIn(("request id", attempt["upstream_request_id"]), self.inner.own_secrets())
        self.look_everywhere(task_id)
        self.look_everywhere("order%2017")

    def test_the_provider_gets_our_callback_url_with_a_secret_of_the_task(self):
        task_id = self.outer.create(SMALL, OFFICIAL)
        self.outer.wait(task_id, OFFICIAL)
        urls = {row["url"] for row in self.inner.rows("SELECT url FROM delivery WHERE task = ?", int(self.upstream_of(task_id)))}
        self.assertEqual(len(urls), 1)
        own, task, attempt, secret = urls.pop().rsplit("/", 3)
        self.assertEqual((own, task, attempt), (f"http://{self.outer.address()}/rushes/v1/upstream", task_id, "1"))
        self.assertRegex(secret, "^[0-9a-f]{40}$")
        self.hidden.append(("callback secret", secret))
        other = self.outer.create(SMALL, OFFICIAL)
        for path, status in ((f"{task}/1/{secret}", 200), (f"{task}/1/{secret[:-1]}", 404), (f"{task}/2/{secret}", 404),
                             (f"{other}/1/{secret}", 404), (f"{task}/x/{secret}", 404), (f"0/1/{secret}", 404)):
            reply = self.outer.request("POST", f"/rushes/v1/upstream/{path}", {"task_id": task, "task_status": "failed"}, key=None)
            self.assertEqual(reply.status, status, path)
        self.assertEqual(self.outer.wait(other, OFFICIAL)["task_status"], "succeed")
        self.assertEqual(self.outer.task(task_id, OFFICIAL)["task_status"], "succeed", "a callback is believed in nothing")

    def test_the_curls_of_the_gateways_pages(self):
        page = {"model_name": "kling-v2-1-master", "prompt": "A cinematic shot of clouds moving over a mountain ridge",
                "duration": "5", "aspect_ratio": "16:9"}
        if shutil.which("curl") is None:
            self.skipTest("curl is not installed")
        for body in (page, {**page, "model_name": "kling-v2-5-turbo"}):
            with self.subTest(body["model_name"]):
                done = subprocess.run(["curl", "-s", "--request", "POST", "--url", f"http://{self.outer.address()}{POWERTOKENS}",
                                       "--header", f"Authorization: Bearer {self.outer.key}", "--header", "Content-Type: application/json",
                                       "--data", json.dumps(body)], capture_output=True, check=True)
                self.witness.saw("curl", {}, done.stdout)
                reply = json.loads(done.stdout)
                self.assertEqual((reply["code"], reply["message"]), (0, "SUCCEED"))
                self.assertEqual((reply["data"]["task_status"], reply["data"]["task_info"]), ("submitted", {}))
                task_id = reply["data"]["task_id"]
                data = self.outer.wait(task_id)
                self.assertEqual(data["task_status"], "succeed", data)
                self.check_files(task_id, data["task_result"]["videos"][0]["url"], 120)
                sent = self.inner.request("GET", f"/rushes/v1/tasks/{self.upstream_of(task_id)}").json
                self.assertEqual((sent["model"], sent["prompt"], sent["duration_s"], sent["aspect_ratio"]),
                                 (body["model_name"], body["prompt"], 5, "16:9"))
                self.look_everywhere(task_id)

    def test_what_the_provider_cannot_do_is_refused_at_create(self):
        master = {"model_name": "kling-v2-1-master", "prompt": "clouds"}
        before = [len(server.request("GET", f"{OFFICIAL}?pageSize=500").json["data"]) for server in (self.outer, self.inner)]
        for path, body, message in (
                (POWERTOKENS, {**master, "duration": "7"}, "duration value '7' is invalid: kling-v2-1-master supports 5, 10"),
                (POWERTOKENS, {**master, "model_name": "kling-v2-5-turbo", "mode": "4k"},
                 "mode value '4k' is invalid: kling-v2-5-turbo supports std, pro"),
                (POWERTOKENS, {**master, "multi_shot": True, "shot_type": "intelligence"}, "Multi shot is not supported by the current model"),
                (POWERTOKENS, {"model_name": "kling-v2-6", "prompt": "clouds", "duration": "7"}, "duration value '7' is invalid: kling-v2-6 supports 5, 10"),
                (OFFICIAL, {**master, "duration": "7"}, "duration value '7' is invalid: kling-v2-1-master supports 5, 10")):
            reply = self.outer.request("POST", path, body)
            self.assertEqual((reply.status, reply.json["code"]), (400, 1201), body)
            self.assertNotIn("data", reply.json)
            self.assertEqual(reply.json["message"], message)
        after = [len(server.request("GET", f"{OFFICIAL}?pageSize=500").json["data"]) for server in (self.outer, self.inner)]
        self.assertEqual(after, before)

    def test_the_mapped_model_is_the_operators_only(self):
        task_id = self.outer.create({"model_name": "kling-v2-6", "prompt": "A lake at dawn", "mode": "pro", "cfg_scale": 0}, OFFICIAL)
        self.assertEqual(self.outer.wait(task_id, OFFICIAL)["task_status"], "succeed")
        sent = self.inner.request("GET", f"/rushes/v1/tasks/{self.upstream_of(task_id)}").json
        self.assertEqual((sent["model"], sent["mode"]), ("kling-v2-5-turbo", "pro"))
        for reply in self.look_everywhere(task_id)[:4:2]:
            self.assertNotIn(b"kling-v2-5-turbo", reply.body)
        self.assertEqual(self.outer.request("GET", f"/rushes/v1/tasks/{task_id}").json["model"], "kling-v2-6")

    def test_a_storyboard_with_sound_and_watermark_loses_nothing(self):
        task_id = self.outer.create({
            "model_name": "kling-v3", "multi_shot": True, "shot_type": "customize", "prompt": "", "duration": "3", "sound": "on",
            "multi_prompt": [{"index": 1, "prompt": "A fox in a forest", "duration": "2"}, {"index": 2, "prompt": "Clouds", "duration": "1"}],
            "negative_prompt": "rain", "aspect_ratio": "9:16", "watermark_info": {"enabled": True}})
        data = self.outer.wait(task_id)
        self.assertEqual(data["task_status"], "succeed", data)
        video = data["task_result"]["videos"][0]
        files = [self.outer.download(video[name]).body for name in ("url", "watermark_url")]
        self.assertEqual([frames_of(body) for body in files], [72, 72])
        self.assertNotEqual(*files)
        sent = self.inner.request("GET", f"/rushes/v1/tasks/{self.upstream_of(task_id)}").json
        self.assertEqual((sent["storyboard"], sent["sound"], sent["aspect_ratio"], sent["watermark"]), ("customize", True, "9:16", True))
        self.look_everywhere(task_id)

    def test_zeros_survive_and_unknown_fields_reach_who_speaks_the_same_dialect(self):
        still = {name: 0 for name in ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")}
        reply = self.outer.request("POST", OFFICIAL, {
            "model_name": "kling-v1", "prompt": "A lake", "cfg_scale": 0, "camera_control": {"type": "simple", "config": {**still, "zoom": -3}},
            "external_task_id": "", "wings": {"span": [2, None]}, "model": "kling-v3", "MODEL_NAME": "kling-v3", "External_Task_Id": "x",
            "callbackUrl": "http://127.0.0.1/", "metadata": {"model_name": "kling-v3"}})
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.headers["X-Rushes-Ignored-Fields"], "model, MODEL_NAME, External_Task_Id, callbackUrl, metadata")
        task_id = reply.json["data"]["task_id"]
        self.assertEqual(self.outer.wait(task_id, OFFICIAL)["task_status"], "succeed")
        own = json.loads(self.outer.rows("SELECT spec FROM task_body WHERE id = ?", int(task_id))[0]["spec"])
        sent = self.inner_spec(self.upstream_of(task_id))
        for name in ("model", "prompt", "negative_prompt", "mode", "aspect_ratio", "duration_s", "cfg_scale", "camera"):
            self.assertEqual(sent.get(name), own.get(name), name)
        self.assertEqual((sent["model"], sent["cfg_scale"]), ("kling-v1", 0))
        self.assertEqual(sent["external_task_id"], task_id)
        self.assertEqual(sent["extra"], {"dialect": "kling", "members": '{"wings":{"span":[2,null]}}'})
        self.assertEqual(sent["ignored_fields"], ["wings"], "there it is rendered, and that is the end of it")
        self.look_everywhere(task_id)

    def test_a_failure_upstream_is_told_in_our_words(self):
        receiver = Receiver()
        self.addCleanup(self.hear, receiver)
        task_id = self.outer.create({"model_name": "kling-v3", "prompt": "clouds", "duration": "15", "mode": "4k", "callback_url": receiver.url})
        while self.outer.task(task_id)["task_status"] != "processing":
            time.sleep(0.05)
        upstream = self.upstream_of(task_id)
        self.assertEqual(self.inner.request("POST", f"/rushes/v1/tasks/{upstream}/cancel").status, 200)
        data = self.outer.wait(task_id, seconds=30)
        self.assertEqual((data["task_status"], data["final_unit_deduction"]), ("failed", "0"))
        self.assertEqual(data["task_status_msg"], "Task was cancelled", "a reason that is known to be safe")
        receiver.wait(lambda got: got and got[-1].json["task_status"] == "failed")
        self.look_everywhere(task_id)

    def test_strangers_and_malformed_questions_learn_nothing(self):
        task_id = self.outer.create(SMALL)
        upstream = self.upstream_of_when_bound(task_id)
        for path in (f"{OFFICIAL}/{upstream}", f"/rushes/v1/tasks/{upstream}", f"{UNIVERSAL}?generation_id={upstream}"):
            reply = self.outer.request("GET", path)
            self.assertEqual(reply.status, 404, path)
        self.outer.wait(task_id)

    def test_an_inner_server_that_dies_and_comes_back_loses_no_task(self):
        ids = [self.outer.create({**SMALL, "prompt": f"A fox, take {take}"}) for take in range(4)]
        for task_id in ids:
            self.upstream_of_when_bound(task_id)
        port = self.inner.port
        self.inner.kill()
        ids.append(self.outer.create({**SMALL, "prompt": "a fox while nobody is there"}))
        for task_id in ids:
            self.assertIn(self.outer.task(task_id)["task_status"], ("submitted", "processing", "succeed"))
            self.outer.request("GET", f"/rushes/v1/tasks/{task_id}")
        self.inner.start(port)
        for task_id in ids:
            data = self.outer.wait(task_id)
            self.assertEqual(data["task_status"], "succeed", data)
            self.look_everywhere(task_id)
        handles = [row["external_id"] for row in self.inner.rows("SELECT external_id FROM task")]
        self.assertEqual(sorted(handle for handle in handles if handle in ids), sorted(ids), "each was made once")


class Signed(ViewTest):
    """The outer server proves itself by tokens that it signs."""

    @classmethod
    def credentials(cls):
        pair = new_key(cls.inner, "--jwt")
        cls.hidden.append(("secret key", pair["secret_key"]))
        cls.hidden.append(("access key", pair["access_key"]))
        return credential("cellar-pair", access_key=pair["access_key"], secret_key=pair["secret_key"])

    def test_a_video_comes_through_with_signed_tokens(self):
        task_id = self.outer.create(SMALL, OFFICIAL)
        data = self.outer.wait(task_id, OFFICIAL)
        self.assertEqual(data["task_status"], "succeed", data)
        self.check_files(task_id, data["task_result"]["videos"][0]["url"], 72)
        self.look_everywhere(task_id)


class TwoCredentials(ViewTest):
    """Two accounts at the provider, each with room for one job at a time."""

    @classmethod
    def credentials(cls):
        keys = [new_key(cls.inner, "--account", account)["key"] for account in ("cellar-left", "cellar-right")]
        cls.hidden += [("key", key) for key in keys] + [("account", account) for account in ("cellar-left", "cellar-right")]
        return "".join(credential(f"cellar-{number}", concurrency=1, api_key=key) for number, key in enumerate(keys))

    def test_no_credential_has_more_open_jobs_than_it_may(self):
        ids = [self.outer.create({**SMALL, "prompt": f"A fox, take {take}"}, OFFICIAL) for take in range(6)]
        for task_id in ids:
            self.assertEqual(self.outer.wait(task_id, OFFICIAL)["task_status"], "succeed")
            self.look_everywhere(task_id)
        made = self.inner.rows("SELECT account, created_ms, ended_ms FROM task ORDER BY created_ms")
        self.assertEqual(len(made), len(ids))
        by_account = {}
        for row in made:
            by_account.setdefault(row["account"], []).append(row)
        self.assertEqual(len(by_account), 2, "both credentials were used")
        for rows in by_account.values():
            for earlier, later in zip(rows, rows[1:]):
                self.assertLessEqual(earlier["ended_ms"], later["created_ms"])


class Pinned(ViewTest):
    """What was submitted is asked for where it was submitted, whatever the configuration says since."""

    def test_a_changed_configuration_moves_no_task(self):
        ids = [self.outer.create({**SMALL, "prompt": f"A fox, take {take}"}, OFFICIAL) for take in range(3)]
        for task_id in ids:
            self.upstream_of_when_bound(task_id)
        self.outer.kill()
        with open(self.outer.config, encoding="utf-8") as file:
            config = file.read()
        config = config.replace(f"127.0.0.1:{self.inner.port}", f"127.0.0.1:{free_port()}").replace(self.inner.key, "another-key")
        with open(self.outer.config, "w", encoding="utf-8") as file:
            file.write(config.replace("kitchen-provider", "another-provider").replace("cellar-credential", "another-credential"))
        self.outer.start(self.outer.port)
        for task_id in ids:
            self.assertEqual(self.outer.wait(task_id, OFFICIAL)["task_status"], "succeed")
            self.look_everywhere(task_id)
        self.assertEqual(len(self.inner.rows("SELECT id FROM task")), len(ids))


class Refused(ViewTest):
    """The provider does not know the key: the operator's problem, of which clients see nothing but a task that waits."""

    @classmethod
    def credentials(cls):
        cls.hidden.append(("key", "cellar-key-that-is-wrong"))
        return credential("cellar-wrong", api_key="cellar-key-that-is-wrong")

    @classmethod
    def tearDownClass(cls):
        cls.hidden.append(("upstream_id", "none was ever given"))
        super().tearDownClass()

    def test_a_wrong_key_is_not_the_clients_fault(self):
        task_id = self.outer.create(SMALL, OFFICIAL)
        deadline = time.monotonic() + 30
        while "credential_refused" not in self.outer.log_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.assertEqual(self.outer.task(task_id, OFFICIAL)["task_status"], "submitted")
        self.look_everywhere(task_id)
        self.outer.request("POST", f"/rushes/v1/tasks/{task_id}/cancel")
        data = self.outer.wait(task_id, OFFICIAL, seconds=30)
        self.assertEqual((data["task_status"], data["task_status_msg"]), ("failed", "Task was cancelled"))
        self.assertEqual(self.inner.rows("SELECT id FROM task"), [])


class Aiml(ViewTest):
    """The dialect `aiml` outside, the provider `aiml` between, and the universal path of the second server."""
    adapter, prefix, interval_ms = "aiml", "", 300

    def test_a_sample_program_gets_its_video(self):
        for path, body, frames in (
                (VENDOR, {"model": "klingai/v2.1-master-text-to-video", "prompt": "A white raccoon", "aspect_ratio": "16:9", "duration": "5",
                          "external_task_id": "generation-17"}, 120),
                (UNIVERSAL, {"model": "klingai/video-v3-standard-text-to-video", "duration": 3, "generate_audio": False,
                             "multi_prompt": ["A fox in the snow", "The fox sleeps"]}, 72)):
            with self.subTest(path):
                done = subprocess.run([sys.executable, SAMPLE, f"http://{self.outer.address()}", path, self.outer.key, "0.3"],
                                      input=json.dumps(body), capture_output=True, text=True, timeout=300)
                self.witness.saw("the sample's output", {}, done.stdout.encode())
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                generation = json.loads(done.stdout.splitlines()[-1])
                self.assertEqual(generation["status"], "completed", generation)
                task_id = generation["id"]
                self.check_files(task_id, generation["video"]["url"], frames)
                upstream = self.upstream_of(task_id)
                self.assertNotEqual(upstream, task_id)
                sent = self.inner.request("GET", f"/rushes/v1/tasks/{upstream}").json
                self.assertEqual((sent["dialect"], sent["storyboard"]), ("aiml", "customize" if path == UNIVERSAL else "single"))
                self.assertEqual(sent["aspect_ratio"], "16:9")
                self.look_everywhere(task_id)
                reply = self.outer.request("GET", f"{path}?generation_id={task_id}", headers={"X-Client-Request-Id": "trace:1"})
                self.assertEqual((reply.headers["x-inference-id"], reply.headers["x-client-request-id"]), (task_id, "trace:1"))

    def test_the_kling_dialect_reaches_the_same_provider(self):
        receiver = Receiver()
        self.addCleanup(self.hear, receiver)
        task_id = self.outer.create({**SMALL, "callback_url": receiver.url}, OFFICIAL)
        data = self.outer.wait(task_id, OFFICIAL)
        self.assertEqual(data["task_status"], "succeed", data)
        receiver.wait(lambda got: got and got[-1].json["task_status"] == "succeed")
        self.look_everywhere(task_id)

    def test_unknown_fields_reach_who_speaks_the_same_dialect_only(self):
        for path, body, header, passed in (
                (UNIVERSAL, {"model": "klingai/video-v3-standard-text-to-video", "prompt": "A fox", "duration": 3, "wings": 2,
                             "MODEL": "x", "provider": "fal"}, "MODEL, provider", '{"wings":2}'),
                (OFFICIAL, {**SMALL, "wings": 2}, "wings", None)):
            with self.subTest(path):
                reply = self.outer.request("POST", path, body)
                self.assertEqual((reply.status, reply.headers["X-Rushes-Ignored-Fields"]), (200, header), reply.body)
                task_id = reply.json["id"] if path == UNIVERSAL else reply.json["data"]["task_id"]
                sent = self.inner_spec(self.upstream_of_when_bound(task_id))
                self.assertEqual(sent.get("extra", {}).get("members"), passed)
                self.assertEqual(self.outer.request("GET", f"/rushes/v1/tasks/{task_id}").json["ignored_fields"], header.split(", "))

    def test_refusals_and_failures_name_nobody(self):
        for body in ({"model": "klingai/none"}, {"model": "klingai/v2.1-master-text-to-video", "prompt": "x", "duration": 7}):
            self.assertEqual(self.outer.request("POST", UNIVERSAL, body).status, 400)
        reply = self.outer.request("POST", UNIVERSAL, {"model": "klingai/video-v3-pro-text-to-video", "prompt": "clouds", "duration": 15})
        task_id = reply.json["id"]
        while self.outer.request("GET", f"{UNIVERSAL}?generation_id={task_id}").json["status"] != "generating":
            time.sleep(0.05)
        self.inner.request("POST", f"/rushes/v1/tasks/{self.upstream_of(task_id)}/cancel")
        self.assertEqual(self.outer.wait(task_id, OFFICIAL, seconds=60)["task_status"], "failed")
        generation = self.outer.request("GET", f"{UNIVERSAL}?generation_id={task_id}").json
        self.assertEqual((generation["status"], generation["error"]["name"]), ("error", "GenerationError"))
        self.look_everywhere(task_id)


class Scan(unittest.TestCase):
    def test_the_witness_finds_what_was_shown(self):
        witness = Witness()
        witness.saw("a", {"X-Id": "87"}, b"plain 127.0.0.1:80 here")
        witness.saw("b", {}, b"quoted 127.0.0.1%3A80")
        witness.saw("GET /87", {}, b"87 is not known")
        self.assertEqual([(what, where) for what, where, _ in witness.finds([("host", "127.0.0.1:80")])], [("host", "a"), ("host", "b")])
        self.assertEqual([where for _, where, _ in witness.finds([("header", "87")])], ["a"])
        self.assertEqual(witness.finds([("other", "127.0.0.1:81")]), [])
        request_id = "35e0af6a-c1c0-4721-b476-7ccf32776482"
        witness.saw("c", {"X-Request-Id": request_id}, b"")
        self.assertEqual([where for _, where, _ in witness.finds([("request id", request_id)])], ["c"])
        self.assertEqual(witness.finds([("request id", request_id.replace("3", "4"))]), [])


if __name__ == "__main__":
    unittest.main()
