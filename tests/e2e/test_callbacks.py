"""Callbacks to a real receiver on loopback: what it gets, how it can trust it, and what the log says."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import threading
import time
import unittest

from harness import OFFICIAL, Server, ServerTest, rushes

CONFIG = '[previz]\nscale = 0.1\n[egress]\nallow = ["127.0.0.0/8"]\n'
SMALL = {"model_name": "kling-v3", "prompt": "A fox in the snow", "duration": "3"}


class Receiver:
    """An HTTP server that keeps every request and answers as `answer(call)` says: (status, headers), or None to hang."""

    class Call:
        def __init__(self, path, headers, body):
            self.path, self.headers, self.body, self.at = path, headers, body, time.time()

        @property
        def json(self):
            return json.loads(self.body)

        @property
        def id(self):
            return self.headers["webhook-id"]

    def __init__(self, answer=lambda call: (200, {})):
        receiver = self
        self.answer, self.calls = answer, []
        self.changed = threading.Condition()
        self.released = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                call = Receiver.Call(self.path, self.headers, body)
                with receiver.changed:
                    receiver.calls.append(call)
                    receiver.changed.notify_all()
                said = receiver.answer(call)
                if said is None:
                    receiver.released.wait()
                    self.close_connection = True
                    return
                status, headers = said
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?key=a%20b"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, enough, seconds=60):
        """Until enough(calls); answers them."""
        with self.changed:
            if not self.changed.wait_for(lambda: enough(self.calls), timeout=seconds):
                raise AssertionError(f"only {[(c.path, c.body) for c in self.calls]} after {seconds} s")
            return list(self.calls)

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


def statuses(calls):
    return [call.json["task_status"] for call in calls]


def is_signed_with(call, secret):
    """As section "Verification" of the specification says, by hand."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    fresh = abs(call.at - int(call.headers["webhook-timestamp"])) < 300
    return fresh and expected in call.headers["webhook-signature"].split(" ")


def verify_with_npm(calls, secret):
    """What the npm package `standardwebhooks` says of each."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    lines = "".join(json.dumps({"secret": secret, "body": call.body.decode(),
                                "headers": {name: call.headers[name] or "" for name in names}}) + "\n" for call in calls)
    out = subprocess.run(["node", os.path.join(os.path.dirname(__file__), "verify_webhook.cjs")],
                         input=lines, capture_output=True, text=True, timeout=60)
    if out.returncode != 0:
        raise AssertionError(out.stderr)
    return out.stdout.split("\n")[:-1]


class CallbackTest(ServerTest):
    config = CONFIG

    def receiver(self, **more):
        made = Receiver(**more)
        self.addCleanup(made.close)
        return made

    def cli(self, *arguments, code=0):
        done = rushes("deliveries", *arguments, "--json", "--data", self.server.data, "--config", self.server.config)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        return json.loads(done.stdout) if done.stdout else None

    def deliveries(self, task_id):
        return self.server.request("GET", f"/rushes/v1/deliveries?task={task_id}").json["deliveries"]

    def wait_for_state(self, delivery_id, state, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            shown = self.server.request("GET", f"/rushes/v1/deliveries/{delivery_id}").json
            if shown["state"] == state:
                return shown
            time.sleep(0.05)
        raise AssertionError(shown)


class Unsigned(CallbackTest):
    def test_every_change_arrives_once_in_order_with_the_body_of_the_query(self):
        receiver = self.receiver()
        task_id = self.server.create({**SMALL, "callback_url": receiver.url, "external_task_id": "mine"}, OFFICIAL)
        calls = receiver.wait(lambda got: got and got[-1].json["task_status"] in ("succeed", "failed"))
        self.assertEqual(statuses(calls), ["submitted", "processing", "succeed"])
        self.assertEqual(len({call.id for call in calls}), 3)
        for call in calls:
            self.assertRegex(call.id, r"^[1-9][0-9]{10,19}$")
            self.assertEqual(call.path, "/hook?key=a%20b")
            self.assertEqual(call.headers["Content-Type"], "application/json; charset=utf-8")
            self.assertIsNone(call.headers["webhook-signature"], "the account has no secret")
            self.assertIsNone(call.headers["Authorization"])
            self.assertEqual(call.json["task_id"], task_id)
            self.assertEqual(call.json["task_info"], {"external_task_id": "mine"})
        self.assertEqual(calls[0].json["task_result"], {})
        self.assertEqual(calls[2].json, self.server.task(task_id, OFFICIAL))
        video = self.server.download(calls[2].json["task_result"]["videos"][0]["url"])
        self.assertEqual((video.status, video.body[4:8]), (200, b"ftyp"))
        self.wait_for_state(calls[2].id, "delivered")
        self.assertEqual([(d["event"], d["state"], d["tries"]) for d in self.deliveries(task_id)],
                         [(event, "delivered", 1) for event in ("succeed", "processing", "submitted")])

    def test_a_failed_try_is_made_again_with_the_same_id_and_bytes(self):
        answers = [(500, {}), (302, {"Location": "/elsewhere"})]
        receiver = self.receiver(answer=lambda call: answers.pop(0) if answers else (200, {}))
        made = self.server.request("POST", "/rushes/v1/deliveries/test", {"url": receiver.url})
        self.assertEqual(made.status, 200, made.body)
        first = self.wait_for_state(made.json["id"], "exhausted")
        self.assertEqual([entry.get("status") for entry in first["log"]], [500], "a test event is tried once")

        task_id = self.server.create({**SMALL, "callback_url": receiver.url}, OFFICIAL)
        self.server.request("POST", f"/rushes/v1/tasks/{task_id}/cancel")
        calls = receiver.wait(lambda got: sum(c.json["task_id"] == task_id and c.json["task_status"] == "failed" for c in got) >= 1)
        self.assertNotIn("/elsewhere", [call.path for call in calls], "redirects are not followed")
        ended = [call for call in calls if call.json["task_id"] == task_id][-1]
        self.wait_for_state(ended.id, "delivered")

        shown = self.cli("show", made.json["id"])
        self.assertEqual((shown["event"], shown["state"], shown["log"][0]["reply"]), ("test", "exhausted", "ok"))
        self.cli("replay", made.json["id"])
        again = receiver.wait(lambda got: sum(call.id == made.json["id"] for call in got) == 2)
        both = [call for call in again if call.id == made.json["id"]]
        self.assertEqual(both[0].body, both[1].body)
        self.assertEqual(self.wait_for_state(made.json["id"], "delivered")["tries"], 2)

    def test_a_retry_comes_after_five_seconds_and_410_ends_it(self):
        answers = [(503, {"Retry-After": "1"}), (410, {})]

        def is_end(call):  # nothing supersedes the event of the end
            return call.json["task_status"] == "succeed"

        receiver = self.receiver(answer=lambda call: answers.pop(0) if answers and is_end(call) else (200, {}))
        self.server.create({**SMALL, "callback_url": receiver.url})
        calls = [call for call in receiver.wait(lambda got: sum(map(is_end, got)) >= 2) if is_end(call)]
        self.assertEqual((calls[0].id, calls[0].body), (calls[1].id, calls[1].body))
        waited = calls[1].at - calls[0].at
        self.assertGreater(waited, 4.4, "Retry-After never moves a try earlier")
        self.assertLess(waited, 10)
        self.assertEqual(self.wait_for_state(calls[0].id, "gone")["tries"], 2)

    def test_a_client_sees_and_replays_its_own_events_only(self):
        receiver = self.receiver()
        task_id = self.server.create({**SMALL, "callback_url": receiver.url})
        first = receiver.wait(lambda got: got)[0]
        self.server.request("POST", f"/rushes/v1/tasks/{task_id}/cancel")
        receiver.wait(lambda got: got[-1].json["task_status"] in ("failed", "succeed"))  # it would supersede the replay
        other = json.loads(rushes("key", "create", "--account", "other", "--json", "--data", self.server.data).stdout)["key"]
        path = f"/rushes/v1/deliveries/{first.id}"
        self.assertEqual(self.server.request("GET", path).json["body"], first.body.decode())
        for method, where in (("GET", path), ("POST", path + "/replay"), ("GET", "/rushes/v1/deliveries/1"), ("GET", "/rushes/v1/deliveries/x")):
            reply = self.server.request(method, where, key=other)
            self.assertEqual((reply.status, reply.json["code"]), (404, 1203), where)
        self.assertEqual(self.server.request("GET", "/rushes/v1/deliveries", key=other).json, {"deliveries": []})
        self.assertEqual(self.server.request("GET", f"/rushes/v1/deliveries?task={task_id}", key=other).json, {"deliveries": []})
        self.wait_for_state(first.id, "delivered")
        self.assertEqual(self.server.request("POST", path + "/replay").status, 200)
        receiver.wait(lambda got: sum(call.id == first.id for call in got) == 2)
        self.assertEqual(self.server.request("GET", path, key=None).status, 401)

    def test_test_events_are_refused_where_they_may_not_go_and_when_they_come_too_often(self):
        receiver = self.receiver()
        key = json.loads(rushes("key", "create", "--account", "tester", "--json", "--data", self.server.data).stdout)["key"]

        def test(url):
            reply = self.server.request("POST", "/rushes/v1/deliveries/test", {"url": url}, key=key)
            return reply.status, reply.json.get("code", 0)
        self.assertEqual(test("http://10.0.0.1/"), (400, 1201))
        self.assertEqual(test(""), (400, 1201))
        self.assertEqual(self.server.request("POST", "/rushes/v1/deliveries/test", b"[]", key=key).status, 400)
        self.assertEqual(test(receiver.url), (200, 0))
        self.assertEqual(test(receiver.url), (429, 1302))
        receiver.wait(lambda got: len(got) == 1)
        body = receiver.calls[0].json
        self.assertEqual((body["task_status"], body["task_result"]), ("submitted", {}))
        done = rushes("deliveries", "test", "--account", "tester", "--url", receiver.url, "--data", self.server.data, "--config", self.server.config)
        self.assertEqual(done.returncode, 1)
        self.assertIn("6 s", done.stderr)


class Signed(CallbackTest):
    def test_signatures_verify_over_a_rotation(self):
        receiver = self.receiver()
        secret = ["secret"]

        def events(prompt):
            before = len(receiver.calls)
            task_id = self.server.create({"prompt": prompt, "duration": "3", "callback_url": receiver.url})
            got = receiver.wait(lambda calls: any(c.json["task_id"] == task_id and c.json["task_status"] == "succeed" for c in calls))
            return got[before:]

        first = self.cli(*secret, "create", "--account", "default")["secret"]
        self.assertRegex(first, r"^whsec_[A-Za-z0-9+/]{43}=$")
        self.cli(*secret, "create", "--account", "default", code=1)
        calls = events("a red fox")
        self.assertEqual(verify_with_npm(calls, first), ["ok"] * 3)
        self.assertTrue(all(is_signed_with(call, first) for call in calls))

        rotated = self.cli(*secret, "rotate", "--account", "default")
        second = rotated["secret"]
        self.assertIn("old_until", rotated)
        time.sleep(1.1)  # secrets are remembered for a second
        calls = events("a grey wolf")
        for candidate in (first, second):
            self.assertEqual(verify_with_npm(calls, candidate), ["ok"] * 3)
            self.assertTrue(all(is_signed_with(call, candidate) for call in calls))
        listed = self.cli(*secret, "list", "--account", "default")
        self.assertEqual(["expires_at" in entry for entry in listed], [False, True])
        self.assertNotIn("whsec_", json.dumps(listed))

        self.cli(*secret, "revoke-old", "--account", "default")
        time.sleep(1.1)
        calls = events("a white owl")
        self.assertEqual(verify_with_npm(calls, second), ["ok"] * 3)
        self.assertNotIn("ok", verify_with_npm(calls, first))

        third = self.cli(*secret, "rotate", "--now", "--account", "default")
        self.assertNotIn("old_until", third)
        time.sleep(1.1)
        calls = events("a brown bear")
        self.assertEqual(verify_with_npm(calls, third["secret"]), ["ok"] * 3)
        self.assertNotIn("ok", verify_with_npm(calls, second))

        self.cli(*secret, "delete", "--account", "default")
        time.sleep(1.1)
        self.assertEqual({call.headers["webhook-signature"] for call in events("a black cat")}, {None})
        self.assertEqual(self.cli(*secret, "list", "--account", "default"), [])
        self.cli(*secret, "rotate", "--account", "default", code=1)
        self.cli(*secret, "create", "--account", "nobody", code=1)


class Crash(unittest.TestCase):
    def test_an_event_whose_result_was_not_recorded_is_sent_again_after_a_kill(self):
        server = Server(config=CONFIG)
        self.addCleanup(server.remove)
        receiver = Receiver(answer=lambda call: None)
        self.addCleanup(receiver.close)
        server.create({**SMALL, "callback_url": receiver.url})
        first = receiver.wait(lambda got: got)[0]
        server.kill()
        receiver.answer = lambda call: (200, {})
        server.start()
        calls = receiver.wait(lambda got: got[-1].json["task_status"] == "succeed")
        same = [call for call in calls if call.id == first.id]
        self.assertEqual(len(same), 2)
        self.assertEqual(same[0].body, same[1].body)


class Addresses(ServerTest):
    config = "[previz]\nscale = 0.1\n"

    def test_urls_inside_are_refused_at_create_and_public_ones_are_not(self):
        for url in ("http://127.0.0.1/", "http://localhost:8080/hook", "http://[::1]/", "http://169.254.169.254/latest", "http://10.1.2.3/",
                    "https://user:pass@example.com/", "ftp://example.com/", "nonsense"):
            reply = self.server.request("POST", OFFICIAL, {**SMALL, "callback_url": url})
            self.assertEqual((reply.status, reply.json["code"]), (400, 1201), url)
            self.assertTrue(reply.json["message"].startswith(f"callback_url value '{url}' is invalid"), reply.json["message"])
        self.server.create({**SMALL, "callback_url": ""})
        task_id = self.server.create({**SMALL, "callback_url": "https://hooks.example.com/kling?x=1"})
        self.server.request("POST", f"/rushes/v1/tasks/{task_id}/cancel")


if __name__ == "__main__":
    unittest.main()
