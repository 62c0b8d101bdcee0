"""The Kling API as its clients meet it: the samples of the published pages, errors, tenants, tokens."""
import json
import re
import subprocess
import time
import unittest
import urllib.parse

from harness import CLASSIC, OFFICIAL, POWERTOKENS, ServerTest, jwt, rushes

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


class Api(ServerTest):
    config = "[previz]\nscale = 0.1\n"

    def refused(self, reply, status, code, message=None):
        self.assertEqual(reply.status, status, reply.body)
        self.assertEqual(reply.json["code"], code, reply.body)
        self.assertNotIn("data", reply.json)
        self.assertRegex(reply.json["request_id"], UUID)
        if message is not None:
            self.assertEqual(reply.json["message"], message)

    def post(self, body, path=OFFICIAL, **more):
        return self.server.request("POST", path, body, **more)

    def test_curl_of_the_gateway_page(self):
        out = subprocess.run(
            ["curl", "-s", "--request", "POST", "--url", f"http://127.0.0.1:{self.server.port}{POWERTOKENS}",
             "--header", f"Authorization: Bearer {self.server.key}", "--header", "Content-Type: application/json",
             "--data", """
{
  "model_name": "kling-v2-1-master",
  "prompt": "A cinematic shot of clouds moving over a mountain ridge",
  "duration": "5",
  "aspect_ratio": "16:9"
}
"""], capture_output=True, text=True, check=True).stdout if _has("curl") else None
        if out is None:
            self.skipTest("curl is not installed")
        reply = json.loads(out)
        self.assertEqual((reply["code"], reply["message"]), (0, "SUCCEED"))
        self.assertEqual(list(reply["data"]), ["task_id", "task_status", "task_info", "created_at", "updated_at"])
        self.assertEqual((reply["data"]["task_status"], reply["data"]["task_info"]), ("submitted", {}))

    def test_body_of_the_classic_page_with_legal_values(self):
        body = {"model_name": "kling-v1-5", "prompt": "string", "negative_prompt": "string", "cfg_scale": 0, "mode": "std",
                "camera_control": {"type": "simple", "config": {"horizontal": -10, "vertical": 0, "pan": 0, "tilt": 0, "roll": 0, "zoom": 0}},
                "aspect_ratio": "16:9", "duration": "5", "callback_url": ""}
        for path in (POWERTOKENS, CLASSIC):
            self.assertEqual(self.post(body, path).status, 200)
        self.refused(self.post({**body, "mode": "std (high performance)"}, CLASSIC), 400, 1201)
        self.refused(self.post({**body, "prompt": "x" * 501}, CLASSIC), 400, 1201, "prompt exceeds 500 characters")
        self.assertEqual(self.post({**body, "prompt": "x" * 500}, CLASSIC).status, 200)

    def test_official_sample_bodies(self):
        sample = {"model_name": "kling-v2-6", "prompt": "A girl in the rain", "negative_prompt": "", "duration": "5", "mode": "pro",
                  "sound": "on", "aspect_ratio": "1:1", "callback_url": "", "external_task_id": ""}
        self.assertEqual(self.post(sample).status, 200)
        self.assertEqual(self.post(sample).status, 200, "empty external ids do not collide")
        shots = [{"index": i + 1, "prompt": f"shot {i + 1}", "duration": str(d)} for i, d in enumerate((2, 3, 3, 3, 3, 1))]
        self.assertEqual(self.post({"model_name": "kling-v3", "multi_shot": "true", "shot_type": "customize", "prompt": "",
                                    "multi_prompt": shots, "duration": "15"}).status, 200)

    def test_query_by_either_id_and_list(self):
        external = "order 17/ä"
        created = self.post({"prompt": "A fox", "external_task_id": external}).json["data"]
        self.assertEqual(created["task_info"], {"external_task_id": external})
        quoted = urllib.parse.quote(external, safe="")
        for path in (f"{OFFICIAL}/{created['task_id']}", f"{OFFICIAL}/{quoted}", f"{OFFICIAL}?external_task_id={quoted}"):
            data = self.server.request("GET", path).json["data"]
            self.assertEqual(data["task_id"], created["task_id"])
            self.assertIn("task_result", data)
            self.assertIn("task_status_msg", data)
        self.refused(self.post({"prompt": "B", "external_task_id": external}), 400, 1201, "external_task_id already exists")
        listed = self.server.request("GET", f"{OFFICIAL}?pageNum=1&pageSize=2").json["data"]
        # Tasks of one millisecond are in the order of their random ids.
        self.assertIn(created["task_id"], [task["task_id"] for task in listed])
        self.assertEqual(self.server.request("GET", f"{OFFICIAL}?pageNum=1000&pageSize=500").json["data"], [])
        for bad in ("pageNum=0", "pageNum=1001", "pageSize=0", "pageSize=501", "pageNum=x"):
            self.refused(self.server.request("GET", f"{OFFICIAL}?{bad}"), 400, 1201)

    def test_authorization(self):
        for header, code in ((None, 1001), ("", 1001), ("Basic abc", 1002), ("Bearer", 1002), ("Bearer nope", 1002)):
            headers = {} if header is None else {"Authorization": header}
            self.refused(self.server.request("GET", OFFICIAL, key=None, headers=headers), 401, code)
        self.assertEqual(self.server.request("GET", OFFICIAL, key="nope").json["message"], "api key not found")

    def test_signed_tokens(self):
        made = json.loads(rushes("key", "create", "--jwt", "--json", "--data", self.server.data).stdout)
        access, secret = made["access_key"], made["secret_key"]
        now = int(time.time())
        self.assertEqual(self.server.request("GET", OFFICIAL, key=jwt(access, secret)).status, 200)
        cases = ((jwt(access, secret + "x"), 1000), (jwt("unknown", secret), 1000), (jwt(access, secret, exp=now - 100), 1004),
                 (jwt(access, secret, nbf=now + 100), 1003), (jwt(access, secret, exp=now + 2 * 86400), 1002))
        for token, code in cases:
            self.refused(self.server.request("GET", OFFICIAL, key=token), 401, code)
        self.assertEqual(self.server.request("GET", OFFICIAL, key=jwt(access, secret, exp=now - 30)).status, 200, "leeway")

    def test_accounts_do_not_see_each_other(self):
        other = json.loads(rushes("key", "create", "--account", "other", "--json", "--data", self.server.data).stdout)["key"]
        task_id = self.post({"prompt": "mine", "external_task_id": "shared-name"}).json["data"]["task_id"]
        self.refused(self.server.request("GET", f"{OFFICIAL}/{task_id}", key=other), 404, 1203, "The requested resource does not exist")
        self.refused(self.server.request("GET", f"{OFFICIAL}/shared-name", key=other), 404, 1203)
        self.refused(self.server.request("GET", f"{OFFICIAL}/1", key=other), 404, 1203)
        self.assertEqual(self.server.request("GET", OFFICIAL, key=other).json["data"], [])
        self.assertEqual(self.post({"prompt": "theirs", "external_task_id": "shared-name"}, key=other).status, 200)
        self.assertEqual(self.server.request("POST", f"/rushes/v1/tasks/{task_id}/cancel", key=other).status, 404)

    def test_bad_input_is_refused_and_stored_nowhere(self):
        before = len(self.server.request("GET", f"{OFFICIAL}?pageSize=500").json["data"])
        for body, status, code in (
                (b"", 400, 1200), (b"[]", 400, 1200), (b"{", 400, 1200), (b'{"prompt":"\xff"}', 400, 1200),
                (b'{"prompt":"\\ud800"}', 400, 1200), (b"[" * 100000, 400, 1200), (b'{"a":' * 1000 + b"1" + b"}" * 1000, 400, 1200),
                (b"x" * (1 << 20), 400, 1200)):
            self.refused(self.post(body), status, code)
        self.refused(self.post(b" " * ((1 << 20) + 1)), 413, 1200)
        for body, message in (
                ({}, "prompt must not be empty"), ({"prompt": " \u3000"}, "prompt must not be empty"),
                ({"prompt": "x" * 2501}, "prompt exceeds 2500 characters"),
                ({"prompt": "x", "mode": "standard"}, "mode value 'standard' is invalid"),
                ({"prompt": "x", "model_name": "kling-v1-5"}, "model is not supported"),
                ({"prompt": "x", "model_name": "kling-v2-6", "duration": "7"}, "duration value '7' is invalid: kling-v2-6 supports 5, 10"),
                ({"prompt": "x", "model_name": "kling-v2-6", "mode": "4k"}, "mode value '4k' is invalid: kling-v2-6 supports std, pro"),
                ({"prompt": "x", "model_name": "kling-v2-6", "sound": "on"}, "model/mode(kling-v2-6/std) is not supported with sound on"),
                ({"prompt": "x", "model_name": "kling-v1-6", "multi_shot": True, "shot_type": "intelligence"}, "Multi shot is not supported by the current model"),
                ({"prompt": "x", "model_name": "kling-v1-6", "camera_control": {"type": "down_back"}},
                 "camera_control is only supported in std mode with 5s duration and kling-v1"),
                ({"prompt": "x", "cfg_scale": 1e300}, None), ({"prompt": "x", "duration": 10 ** 400}, None),
                ({"prompt": "x", "duration": 5.5}, None), ({"prompt": 5}, None), ({"prompt": "x", "external_task_id": "e" * 257}, None)):
            reply = self.post(body)
            self.refused(reply, 400, reply.json["code"], message)
            self.assertEqual(reply.json["code"], 1201)
        self.assertEqual(len(self.server.request("GET", f"{OFFICIAL}?pageSize=500").json["data"]), before)

    def test_routes_and_methods(self):
        self.refused(self.server.request("DELETE", OFFICIAL), 404, 1202)
        self.refused(self.server.request("PUT", f"{OFFICIAL}/1"), 404, 1202)
        for path in ("/v1/videos/image2video", "/v1/videos/omni-video/1", "/v1/nothing", "/v1/models", "//", "/v1/videos/text2video/a/b"):
            self.refused(self.server.request("GET", path), 404, 1203)

    def test_idempotency_key(self):
        first = self.post({"prompt": "once"}, headers={"Idempotency-Key": "k-1"})
        again = self.post({"prompt": "once"}, headers={"Idempotency-Key": "k-1"})
        self.assertEqual(first.json["data"]["task_id"], again.json["data"]["task_id"])
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.refused(self.post({"prompt": "twice"}, headers={"Idempotency-Key": "k-1"}), 400, 1201,
                     "Idempotency-Key was used with a different request")

    def test_unknown_fields_are_reported(self):
        reply = self.post({"prompt": "x", "wings": 2, "voice_list": []})
        self.assertEqual(reply.status, 200)
        self.assertIn("wings", reply.headers["X-Rushes-Ignored-Fields"])

    def test_no_secret_in_the_log(self):
        self.post({"prompt": "a very private prompt"})
        self.server.request("GET", OFFICIAL, key="rk_secretsecretsecretsecretsecretsecretsecret0")
        deadline = time.monotonic() + 5  # lines are written in batches
        while '"status":200' not in self.server.log_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        log = self.server.log_text()
        for secret in (self.server.key, "a very private prompt", "rk_secretsecret"):
            self.assertNotIn(secret, log)
        lines = [json.loads(line) for line in log.splitlines()]
        self.assertTrue(any(line.get("status") == 200 for line in lines), "an access log of JSON lines")

    def test_costs_health_and_metrics(self):
        costs = self.server.request("GET", "/account/costs?start_time=0&end_time=9999999999999").json
        self.assertEqual((costs["code"], costs["data"]["code"]), (0, 0))
        self.assertNotIn("resource_pack_subscribe_infos", costs["data"])
        self.assertEqual(self.server.request("GET", "/healthz", key=None).status, 200)
        self.assertEqual(self.server.request("GET", "/readyz", key=None).status, 200)
        self.assertIn("rushes_", self.server.request("GET", "/metrics", key=None).body.decode())
        self.assertEqual(self.server.request("GET", "/openapi.json", key=None).json["openapi"][:2], "3.")


def _has(program):
    return subprocess.run(["sh", "-c", f"command -v {program}"], capture_output=True).returncode == 0


if __name__ == "__main__":
    unittest.main()
