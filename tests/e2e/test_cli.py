"""The command line as a person and as a script use it."""
import json
import os
import stat
import subprocess
import tempfile
import time
import unittest

from harness import OFFICIAL, RUSHES, Server, ServerTest, probe, rushes

SMALL = "[previz]\nscale = 0.1\n"


class OneShot(unittest.TestCase):
    """`rushes generate` without a server starts a private one and leaves nothing running."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="rushes-e2e-")
        self.addCleanup(self.folder.cleanup)
        self.config = os.path.join(self.folder.name, "rushes.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(SMALL)
        self.common = ["--config", self.config, "--data", os.path.join(self.folder.name, "data")]

    def test_generate_downloads_a_video_and_names_it(self):
        out = os.path.join(self.folder.name, "fox.mp4")
        done = rushes("generate", "A red fox in the snow", "--duration", "3", "-o", out, *self.common)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.strip(), out)
        self.assertEqual(probe(out)["streams"][0]["nb_read_frames"], "90", "the default model has 30 frames a second")
        self.assertIn("100 %", done.stderr)

    def test_same_seed_same_pictures(self):
        frames = []
        for name in ("a.mp4", "b.mp4"):
            out = os.path.join(self.folder.name, name)
            done = rushes("generate", "A horse galloping", "--duration", "3", "--seed", "7", "-o", out, *self.common)
            self.assertEqual(done.returncode, 0, done.stderr)
            frames.append(subprocess.run(["ffmpeg", "-v", "error", "-i", out, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                                         capture_output=True, check=True).stdout)
        self.assertEqual(frames[0], frames[1])

    def test_storyboard_file(self):
        shots = os.path.join(self.folder.name, "shots.json")
        with open(shots, "w", encoding="utf-8") as file:
            json.dump([{"prompt": "A fox in a forest", "duration": 2}, {"prompt": "Waves on a beach", "duration": 1}], file)
        out = os.path.join(self.folder.name, "cut.mp4")
        done = rushes("generate", "--shots", shots, "-o", out, *self.common)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(probe(out)["streams"][0]["nb_read_frames"], "72")

    def test_render_without_a_server(self):
        job = os.path.join(self.folder.name, "job.json")
        with open(job, "w", encoding="utf-8") as file:
            json.dump({"prompt": "A cat on a meadow", "width": 128, "height": 72, "duration_s": 3}, file)
        out = os.path.join(self.folder.name, "out")
        done = rushes("render", "--job", job, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        progress = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(progress[-1]["progress"], 1)
        self.assertEqual([p["progress"] for p in progress], sorted(p["progress"] for p in progress))
        self.assertTrue({"video.mp4", "poster.jpg", "result.json"} <= set(os.listdir(out)))
        with open(job, "w", encoding="utf-8") as file:
            file.write('{"prompt": "x", "width": 7}')
        bad = rushes("render", "--job", job, "--out", out)
        self.assertEqual(bad.returncode, 2)
        self.assertIn("width", bad.stderr)

    def test_wrong_usage_exits_with_2_and_says_what_to_do(self):
        for arguments in (["generate", "x", "--nonsense"], ["tasks"], ["serve", "--listen", "nowhere", *self.common],
                          ["serve", "--config", "/does/not/exist.toml"], ["check"]):
            done = rushes(*arguments)
            self.assertEqual(done.returncode, 2, (arguments, done.stdout, done.stderr))
            self.assertTrue(done.stderr or done.stdout)
        self.assertEqual(rushes("generate", "x", "--server", "http://127.0.0.1:1", "--key", "k", *self.common).returncode, 3)

    def test_help_version_completion_and_config(self):
        self.assertIn("serve", rushes("--help").stdout)
        self.assertIn("rushes ", rushes("--version").stdout)
        script = rushes("completion").stdout
        self.assertEqual(subprocess.run(["bash", "-n"], input=script, text=True).returncode, 0)
        self.assertEqual(json.loads(rushes("config", "--json", *self.common).stdout)["previz"]["scale"], 0.1)
        self.assertIn("[limits]", rushes("config", "--defaults").stdout)
        self.assertIn("scale = 0.1\n", rushes("config", *self.common).stdout)

    def test_check_and_models_need_no_server(self):
        models = json.loads(rushes("models", "--json", *self.common).stdout)
        self.assertIn("kling-v3", json.dumps(models))
        good = subprocess.run([RUSHES, "check", "-", "--json"], input='{"model_name":"kling-v2-6","prompt":"x","duration":"10"}',
                              capture_output=True, text=True)
        self.assertEqual((good.returncode, json.loads(good.stdout)["units"]), (0, "3"))
        bad = subprocess.run([RUSHES, "check", "-"], input='{"prompt":"x","mode":"standard"}', capture_output=True, text=True)
        self.assertEqual(bad.returncode, 1)
        self.assertIn("mode value 'standard' is invalid", bad.stdout)

    def test_doctor_finds_what_a_render_needs(self):
        report = json.loads(rushes("doctor", "--json", *self.common).stdout)
        subjects = {finding["subject"] for finding in report["findings"]}
        self.assertIn("ffmpeg", subjects)

    def failing(self, text):
        """What the doctor has to say against a configuration, and perhaps against this machine."""
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
            config.write(text)
            config.flush()
            done = rushes("doctor", "--json", "--config", config.name, "--data", os.path.join(self.folder.name, "doctor"))
        report = json.loads(done.stdout)
        failing = {finding["subject"] for finding in report["findings"] if not finding["ok"]}
        self.assertEqual((done.returncode, report["ok"]), (1, False) if failing else (0, True), done.stdout)
        return failing

    def test_doctor_finds_what_a_start_would_refuse(self):
        fine = self.failing("")
        for wrong, subject in (('[server.tls]\ncertificate = "/nope.pem"\nkey = "/nope.key"\n', "TLS"),
                               ('[egress]\nallow = ["foo"]\n', "network"),
                               ('[catalog]\ndirectory = "/nope"\n', "catalog"),
                               ('[[provider]]\nname = "p"\nadapter = "foo"\nbase_url = "https://p.example"\n', "providers")):
            self.assertIn(subject, self.failing(wrong))
            self.assertNotIn(subject, fine)


class WithServer(ServerTest):
    config = SMALL

    def client(self, *arguments):
        return rushes(*arguments, "--server", f"http://127.0.0.1:{self.server.port}", "--key", self.server.key)

    def test_tasks_list_show_watch_and_cancel(self):
        task_id = self.server.create({"prompt": "A deer in a misty forest", "duration": "3"})
        watched = self.client("tasks", "watch", task_id)
        self.assertEqual(watched.returncode, 0, watched.stderr)
        shown = json.loads(self.client("tasks", "show", task_id, "--json").stdout)
        self.assertEqual(shown["task_id"], task_id)
        self.assertIn("succeeded", [event["name"] for event in shown["events"]])
        self.assertIn(task_id, self.client("tasks", "list").stdout)
        long = self.server.create({"prompt": "clouds", "duration": "15", "mode": "4k"})
        self.assertEqual(self.client("tasks", "cancel", long).returncode, 0)
        data = self.server.wait(long, seconds=10)
        self.assertEqual((data["task_status"], data["task_status_msg"], data["final_unit_deduction"]), ("failed", "Task was cancelled", "0"))
        self.assertEqual(self.client("tasks", "watch", long).returncode, 1)
        self.assertEqual(self.client("tasks", "cancel", task_id).returncode, 1)

    def test_keys_can_be_made_listed_and_revoked_beside_a_running_server(self):
        data = ["--data", self.server.data]
        made = json.loads(rushes("key", "create", "--label", "laptop", "--json", *data).stdout)
        self.assertRegex(made["key"], r"^rk_[A-Za-z0-9_-]{43}$")
        self.assertEqual(self.server.request("GET", OFFICIAL, key=made["key"]).status, 200)
        listed = rushes("key", "list", *data).stdout
        self.assertIn("laptop", listed)
        self.assertRegex(listed, made["id"] + r" +default +bearer ")
        rows = json.loads(rushes("key", "list", "--json", *data).stdout)
        self.assertEqual({row["account"] for row in rows if row["id"] == made["id"]}, {"default"})
        self.assertNotIn(made["key"], listed)
        self.assertEqual(rushes("key", "revoke", made["id"], *data).returncode, 0)
        deadline = time.monotonic() + 5  # a key is remembered for a second
        while self.server.request("GET", OFFICIAL, key=made["key"]).status != 401:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        self.assertEqual(rushes("key", "revoke", "nobody", *data).returncode, 1)

    def test_secrets_are_private_files(self):
        for name in ("default.key", "secret.key"):
            mode = os.stat(os.path.join(self.server.data, name)).st_mode
            self.assertEqual(stat.S_IMODE(mode), 0o600, name)


class Lifecycle(unittest.TestCase):
    def test_sigterm_stops_cleanly_and_the_task_is_finished_after_the_next_start(self):
        server = Server(config=SMALL)
        self.addCleanup(server.remove)
        task_id = server.create({"prompt": "A forest", "duration": "10"})
        while server.task(task_id)["task_status"] == "submitted":
            pass
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.wait(task_id)["task_status"], "succeed")

    def test_a_second_server_on_the_same_data_is_refused(self):
        server = Server(config=SMALL)
        self.addCleanup(server.remove)
        second = rushes("serve", "--listen", "127.0.0.1:0", "--data", server.data)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn(server.data, second.stderr)


if __name__ == "__main__":
    unittest.main()
