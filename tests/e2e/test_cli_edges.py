"""The command line where something is in the way: a full disk, a typing error, somebody else's text."""
import contextlib
import http.server
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from harness import RUSHES, ServerTest, free_port, rushes

SMALL = "[previz]\nscale = 0.1\n"
HOSTILE = "a\x1b[2Jfox\x07 in\nthe \u009bsnow\u202e"
HARMLESS = "a␛[2Jfox␇ in␊the \ufffdsnow\ufffd"


class Edges(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rushes-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.data = os.path.join(self.folder, "data")
        self.config = os.path.join(self.folder, "rushes.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(SMALL)

    def refused(self, exit_code, says, *arguments, **more):
        done = rushes(*arguments, **more)
        self.assertEqual(done.returncode, exit_code, (arguments, done.stdout, done.stderr))
        self.assertIn(says, done.stderr, arguments)
        return done

    def unheard(self, exit_code, *arguments):
        """Runs with a standard error that cannot be written; answers what went to standard output."""
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([RUSHES, *arguments], stdout=subprocess.PIPE, stderr=full, text=True, timeout=60)
        self.assertEqual(done.returncode, exit_code, arguments)
        return done.stdout


class Output(Edges):
    commands = (["--help"], ["--version"], [], ["models"], ["models", "--json"], ["config"], ["config", "--defaults"],
                ["config", "--json"], ["completion"], ["check", "-"])

    def run_into(self, stdout, *arguments, **more):
        return subprocess.run([RUSHES, *arguments], stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60,
                              input='{"prompt":"x"}', **more)

    def test_what_cannot_be_written_is_one_line_and_exit_1(self):
        stored = [["key", "create", "--data", self.data], ["key", "list", "--data", self.data],
                  ["account", "list", "--data", self.data], ["deliveries", "list", "--data", self.data]]
        for arguments in [*self.commands, *stored]:
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = self.run_into(full, *arguments)
            self.assertEqual((done.returncode, done.stderr),
                             (1, "rushes: cannot write standard output: No space left on device\n"), arguments)

    def test_a_closed_pipe_whose_signal_is_ignored_is_the_same(self):
        for arguments in self.commands:
            reader, writer = os.pipe()
            os.close(reader)
            try:
                done = self.run_into(writer, *arguments, restore_signals=False,
                                     preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN))
            finally:
                os.close(writer)
            self.assertEqual((done.returncode, done.stderr), (1, "rushes: cannot write standard output: Broken pipe\n"), arguments)

    def test_a_lost_complaint_keeps_its_exit_code(self):
        self.unheard(1, "key", "list", "--data", self.data)
        self.unheard(2, "nope")
        self.unheard(2, "config", "--config", self.folder)
        self.unheard(3, "tasks", "list", "--server", f"http://127.0.0.1:{free_port()}", "--key", "k")


class Usage(Edges):
    def test_a_seed_is_decimal_digits_of_64_bits(self):
        for seed in ("-1", "18446744073709551616", "99999999999999999999999", "0x10", "1e3", "+1", " 1", "1.0"):
            self.refused(2, "0 to 18446744073709551615", "generate", "x", f"--seed={seed}")
        for seed in ("0", "010", "18446744073709551615"):  # accepted: the next refusal is another one
            self.refused(2, "--camera", "generate", "x", "--seed", seed, "--camera", "none")
        for duration in ("0", "0x5", "-3", "1000"):
            self.refused(2, "1 to 999", "generate", "x", "--duration", duration)
        for duration in ("1", "999"):
            self.refused(2, "--camera", "generate", "x", "--duration", duration, "--camera", "none")
        self.assertIn("1 to 999", " ".join(rushes("generate", "--help").stdout.split()))
        self.refused(2, "1 to 500", "tasks", "list", "--page-size", "501")

    def test_a_camera_move_is_one_of_those_there_are(self):
        for move in ("foo:3", "Zoom:3", "down_back:3", "", "zoom", "zoom:", "zoom:x", "zoom:11", "pan:-10.5", "zoom:nan", "simple",
                     ":3", "foo", "zoom:3 "):
            done = self.refused(2, f"--camera '{move}' is invalid", "generate", "x", "--camera", move)
            for word in ("horizontal", "zoom", "-10 to 10", "down_back", "left_turn_forward"):
                self.assertIn(word, done.stderr)
        for move in ("zoom:10", "pan:-10", "roll:2.5", "down_back"):  # accepted: the folder is what is refused
            self.refused(2, "cannot write", "generate", "x", "--camera", move, "-o", "/nonexistent/x.mp4")

    def test_a_command_that_there_is_not_has_no_help(self):
        self.refused(2, "nope", "nope", "--help")
        self.assertEqual(rushes("generate", "--help").returncode, 0)
        self.assertEqual(rushes("tasks", "list", "--help").returncode, 0)

    def test_a_directory_is_no_empty_file(self):
        for arguments in (["config", "--config", self.folder], ["serve", "--config", self.folder], ["check", self.folder],
                          ["generate", "--shots", self.folder]):
            self.refused(2, f"cannot read {self.folder}: is a directory", *arguments)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            self.refused(2, "cannot read standard input: is a directory", "check", "-", stdin=descriptor)
        finally:
            os.close(descriptor)
        self.refused(2, "No such file", "check", os.path.join(self.folder, "absent.json"))

    def test_only_check_takes_a_dash_for_standard_input(self):
        for arguments in (["config", "--config", "-"], ["generate", "--shots", "-"]):
            self.refused(2, "cannot read -: No such file", *arguments, input=SMALL, cwd=self.folder)
        self.assertEqual(rushes("check", "-", input='{"prompt":"x"}', cwd=self.folder).returncode, 0)

    def test_output_is_judged_before_the_task_is_made(self):
        existing = os.path.join(self.folder, "rushes.toml")
        for file, why in (("/nonexistent/x.mp4", "no such folder"), (self.folder, "is a directory"),
                          (existing + "/x.mp4", "no such folder"), ("/dev/null", "not a regular file")):
            self.refused(2, f"cannot write {file}: ", "generate", "x", "-o", file, "--data", self.data)
            self.refused(2, why, "generate", "x", "-o", file, "--data", self.data)
        out, marked = os.path.join(self.folder, "x.mp4"), os.path.join(self.folder, "x-watermarked.mp4")
        os.mkdir(marked)
        self.refused(2, f"cannot write {marked}: is a directory", "generate", "x", "--watermark", "-o", out, "--data", self.data)
        self.assertFalse(os.path.exists(self.data), "nothing was started")

    def test_only_an_unreachable_server_is_exit_3(self):
        with socket.socket() as busy:
            busy.bind(("127.0.0.1", 0))
            busy.listen()
            self.refused(1, "in use", "serve", "--listen", f"127.0.0.1:{busy.getsockname()[1]}", "--data", self.data)
        for arguments in (["serve", "--listen", "127.0.0.1:0"], ["key", "list"], ["key", "create"],
                          ["generate", "x", "-o", os.path.join(self.folder, "x.mp4")]):
            self.refused(1, self.config, *arguments, "--data", self.config)
        self.refused(3, "rushes: ", "tasks", "list", "--server", f"http://127.0.0.1:{free_port()}", "--key", "k")
        self.refused(3, "no server runs", "tasks", "list", "--data", self.data)

    def test_a_server_that_does_not_even_shake_hands_is_exit_3(self):
        with contextlib.ExitStack() as sockets:
            full = sockets.enter_context(socket.socket())  # whose queue of new connections is full: packets get lost
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            for _ in range(4):
                waiting = sockets.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(full.getsockname())
            self.refused(3, "rushes: ", "tasks", "list", "--server", f"http://127.0.0.1:{full.getsockname()[1]}", "--key", "k")

    def test_reading_makes_no_data_directory(self):
        for arguments in (["key", "list"], ["key", "revoke", "k"], ["account", "list"], ["deliveries", "list"], ["deliveries", "show", "d"],
                          ["deliveries", "replay", "d"], ["deliveries", "secret", "list", "--account", "a"],
                          ["tasks", "show", "--operator", "1"]):
            self.refused(1, f"no data directory at {self.data}", *arguments, "--data", self.data)
            self.assertFalse(os.path.exists(self.data), arguments)
            self.refused(1, f"no data directory at {self.folder}", *arguments, "--data", self.folder)
        self.assertEqual(os.listdir(self.folder), ["rushes.toml"])
        self.assertEqual(rushes("key", "create", "--data", self.data).returncode, 0)
        self.assertEqual(rushes("key", "list", "--data", self.data).returncode, 0)

    def test_a_data_directory_that_cannot_be_read_is_not_called_absent(self):
        os.symlink("data", self.data)
        self.refused(1, f"cannot read {self.data}: Too many levels", "key", "list", "--data", self.data)


class DoneAtOnce(http.server.ThreadingHTTPServer):
    """Any task is done at once. Of its video the last `missing_bytes` do not come."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def reply(self, body, missing_bytes=0):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) + missing_bytes))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(b'{"data": {"task_id": "7"}}')

        def do_GET(self):
            if self.path == "/video":
                self.reply(b"moving pictures", self.server.missing_bytes)
            else:
                task = {"task_id": "7", "state": "succeeded", "video_url": f"{self.server.url}/video", "notes": ["no fox, a dog"]}
                self.reply(json.dumps(task).encode())

        def log_message(self, *_):
            pass

    def __init__(self, missing_bytes=0):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.missing_bytes = missing_bytes
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Results(Edges):
    def setUp(self):
        super().setUp()
        self.out = os.path.join(self.folder, "x.mp4")

    def generate(self, server):
        return ["generate", "A fox", "--server", server.url, "--key", "k", "--config", self.config]

    def test_a_video_that_cannot_be_saved_is_named_by_its_task(self):
        os.mkdir(self.out + ".part")
        with DoneAtOnce() as server:
            done = self.refused(1, "rushes: task 7: ", *self.generate(server), "-o", self.out)
        self.assertIn(self.out, done.stderr)

    def test_a_server_that_goes_during_the_download_is_exit_3(self):
        with DoneAtOnce(missing_bytes=1) as server:
            self.refused(3, "rushes: task 7: ", *self.generate(server), "-o", self.out)
        self.assertEqual(os.listdir(self.folder), ["rushes.toml"])

    def test_a_video_whose_notes_are_lost_is_a_video(self):
        with DoneAtOnce() as server:
            self.assertEqual(self.unheard(0, *self.generate(server), "-o", self.out), self.out + "\n")
        self.assertTrue(os.path.exists(self.out))

    def test_without_a_name_only_the_folder_is_judged(self):
        os.mkdir(os.path.join(self.folder, "rushes.mp4"))
        with DoneAtOnce() as server:
            done = rushes(*self.generate(server), cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, "rushes-7.mp4\n"), done.stderr)
        self.assertIn("note: no fox, a dog\n", done.stderr)
        with open(os.path.join(self.folder, "rushes-7.mp4"), "rb") as file:
            self.assertEqual(file.read(), b"moving pictures")


class Profiles(Edges):
    def test_the_classic_profile_promises_no_field_that_it_ignores(self):
        for model in json.loads(rushes("models", "--profile", "classic", "--json").stdout)["models"]:
            self.assertFalse(model["multi_shot"], model["name"])
            for mode in model["modes"].values():
                self.assertFalse(mode["sound"])
                self.assertNotIn("price_units_with_sound", mode)
        for model in json.loads(rushes("models", "--profile", "powertokens", "--json").stdout)["models"]:
            self.assertTrue(model["multi_shot"] and model["modes"]["pro"]["sound"], model["name"])


class Completion(Edges):
    def bash(self, commands, *words):
        """What `commands` print once the script has been read."""
        script = os.path.join(self.folder, "completion.bash")
        with open(script, "w", encoding="utf-8") as file:
            file.write(rushes("completion").stdout)
        done = subprocess.run(["bash", "-c", 'source "$1"; shift\n' + commands, "bash", script, *words], capture_output=True, text=True,
                              cwd=self.folder, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def complete(self, *words):
        """What is offered for the last of `words`."""
        return self.bash('COMP_WORDS=(rushes "$@"); COMP_CWORD=$#; _rushes; printf "%s\\n" "${COMPREPLY[@]}"', *words).split()

    def test_bash_offers_nothing_of_its_own(self):
        self.assertEqual(self.bash("complete -p rushes"), "complete -F _rushes rushes\n")

    def test_values_and_files_are_offered_where_they_belong(self):
        for words, offered in ((("serve", "--role", ""), ["all", "api", "worker"]), (("generate", "--mode", "p"), ["pro"]),
                               (("models", "--profile", "c"), ["classic"]), (("generate", "--seed", ""), []),
                               (("serve", "--config", "rush"), ["rushes.toml"]), (("check", "rush"), ["rushes.toml"]),
                               (("check", "--js"), ["--json"]), (("tasks", "li"), ["list"]), (("tasks", "list", "--page-"), ["--page-size"]),
                               (("mod",), ["models"]), (("serve", "--data", "rush"), [])):
            self.assertEqual(self.complete(*words), offered, words)


class SomebodyElsesText(ServerTest):
    config = SMALL

    def shown(self, *arguments):
        done = rushes(*arguments)
        self.assertEqual(done.returncode, 0, (arguments, done.stderr))
        self.assertFalse({c for c in done.stdout if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c == "\u202e"}, arguments)
        return done.stdout

    def test_control_characters_do_not_reach_the_terminal(self):
        data = ["--data", self.server.data]
        rushes("key", "create", "--label", HOSTILE, "--account", HOSTILE, *data)
        for command, field in (("key", "label"), ("account", "name")):
            self.assertIn(HARMLESS, self.shown(command, "list", *data))
            rows = json.loads(rushes(command, "list", "--json", *data).stdout)
            self.assertIn(HOSTILE, [row[field] for row in rows])
        task = self.server.create({"prompt": HOSTILE, "duration": "3"})
        client = ["--server", f"http://127.0.0.1:{self.server.port}", "--key", self.server.key]
        self.assertIn(HARMLESS, self.shown("tasks", "list", *client))
        self.assertIn(HARMLESS, self.shown("tasks", "show", task, *client))
        self.shown("tasks", "show", "--operator", task, *data)
        self.assertIn(HOSTILE, [t["prompt"] for t in json.loads(rushes("tasks", "list", "--json", *client).stdout)])


if __name__ == "__main__":
    unittest.main()
