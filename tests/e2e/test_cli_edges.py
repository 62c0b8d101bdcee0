"""The command line where something is in the way: a full disk, a typing error, somebody else's text."""
import json
import os
import signal
import socket
import subprocess
import tempfile
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

    def test_a_lost_complaint_keeps_its_exit_code_out_of_a_crash(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([RUSHES, "key", "list", "--data", self.data], stdout=subprocess.PIPE, stderr=full, timeout=60)
        self.assertEqual(done.returncode, 1)


class Usage(Edges):
    def test_a_seed_is_decimal_digits_of_64_bits(self):
        for seed in ("-1", "18446744073709551616", "99999999999999999999999", "0x10", "1e3", "+1", " 1", "1.0"):
            self.refused(2, "0 to 18446744073709551615", "generate", "x", f"--seed={seed}")
        for seed in ("0", "010", "18446744073709551615"):  # accepted: the next refusal is another one
            self.refused(2, "--camera", "generate", "x", "--seed", seed, "--camera", "none")
        for duration in ("0", "0x5", "-3"):
            self.refused(2, "--duration", "generate", "x", "--duration", duration)
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

    def test_output_is_judged_before_the_task_is_made(self):
        existing = os.path.join(self.folder, "rushes.toml")
        for file, why in (("/nonexistent/x.mp4", "no such folder"), (self.folder, "is a directory"),
                          (existing + "/x.mp4", "no such folder"), ("/dev/null", "not a regular file")):
            self.refused(2, f"cannot write {file}: ", "generate", "x", "-o", file, "--data", self.data)
            self.refused(2, why, "generate", "x", "-o", file, "--data", self.data)
        self.assertFalse(os.path.exists(self.data), "nothing was started")

    def test_only_an_unreachable_server_is_exit_3(self):
        with socket.socket() as busy:
            busy.bind(("127.0.0.1", 0))
            busy.listen()
            self.refused(1, "in use", "serve", "--listen", f"127.0.0.1:{busy.getsockname()[1]}", "--data", self.data)
        self.refused(1, "rushes: ", "serve", "--listen", "192.0.2.1:0", "--data", self.data)
        for arguments in (["serve", "--listen", "127.0.0.1:0"], ["key", "list"], ["key", "create"],
                          ["generate", "x", "-o", os.path.join(self.folder, "x.mp4")]):
            self.refused(1, self.config, *arguments, "--data", self.config)
        self.refused(3, "rushes: ", "tasks", "list", "--server", f"http://127.0.0.1:{free_port()}", "--key", "k")
        self.refused(3, "no server runs", "tasks", "list", "--data", self.data)

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
    def complete(self, *words):
        """What is offered for the last of `words`."""
        script = os.path.join(self.folder, "completion.bash")
        with open(script, "w", encoding="utf-8") as file:
            file.write(rushes("completion").stdout)
        ask = 'source "$1"; shift; COMP_WORDS=(rushes "$@"); COMP_CWORD=$#; _rushes; printf "%s\\n" "${COMPREPLY[@]}"'
        done = subprocess.run(["bash", "-c", ask, "bash", script, *words], capture_output=True, text=True, cwd=self.folder, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

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
        for command in ("key", "account"):
            self.assertIn(HARMLESS, self.shown(command, "list", *data))
            self.assertIn(json.dumps(HOSTILE, ensure_ascii=False)[1:5], rushes(command, "list", "--json", *data).stdout)
        task = self.server.create({"prompt": HOSTILE, "duration": "3"})
        client = ["--server", f"http://127.0.0.1:{self.server.port}", "--key", self.server.key]
        self.assertIn(HARMLESS, self.shown("tasks", "list", *client))
        self.assertIn(HARMLESS, self.shown("tasks", "show", task, *client))
        self.shown("tasks", "show", "--operator", task, *data)
        self.assertIn(HOSTILE, [t["prompt"] for t in json.loads(rushes("tasks", "list", "--json", *client).stdout)])

    def test_a_video_that_cannot_be_saved_is_named_by_its_task(self):
        with tempfile.TemporaryDirectory(prefix="rushes-e2e-") as folder:
            gone = os.path.join(folder, "gone")
            os.mkdir(gone)
            process = subprocess.Popen(
                [RUSHES, "generate", "A fox", "--duration", "3", "-o", os.path.join(gone, "x.mp4"), "--server",
                 f"http://127.0.0.1:{self.server.port}", "--key", self.server.key], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            first = process.stderr.readline()  # of the progress: the task is made
            os.rmdir(gone)
            _, rest = process.communicate(timeout=240)
        self.assertEqual(process.returncode, 1, first + rest)
        self.assertRegex(rest, r"rushes: task \d+: .*x\.mp4")


if __name__ == "__main__":
    unittest.main()
