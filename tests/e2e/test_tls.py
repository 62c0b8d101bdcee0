"""TLS of the server's own: a renewed certificate is taken without a restart, an unusable one is not."""
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import unittest

from harness import WAIT_SECONDS, Server, rushes


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="rushes-e2e-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.certificate, self.key = (os.path.join(self.folder, name) for name in ("cert.pem", "key.pem"))

    def issue(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.key, "-out", self.certificate],
                       check=True, stderr=subprocess.DEVNULL)
        with open(self.certificate, encoding="ascii") as file:
            return ssl.PEM_cert_to_DER_cert(file.read())

    def presented(self, server):
        return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", server.port), timeout=10))

    def reload(self, server, event):
        """SIGHUP; waits for the line of the log that says how it went."""
        known = server.log_text().rfind("\n") + 1
        server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            whole = server.log_text()[known:].rpartition("\n")[0]
            for line in map(json.loads, whole.splitlines()):
                if line["event"] == event:
                    return line
            time.sleep(.05)
        raise AssertionError(f"no {event} in the log:\n{server.log_text()[-2000:]}")

    def test_a_certificate_is_reloaded_on_sighup(self):
        first = self.issue("first.test")
        server = Server(config=f'[server.tls]\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n')
        self.addCleanup(server.remove)
        self.assertEqual(self.presented(server), first)
        second = self.issue("second.test")
        self.assertEqual(self.presented(server), first, "nobody asked for it yet")
        self.reload(server, "certificate_reloaded")
        self.assertEqual(self.presented(server), second)
        with open(self.certificate, "w", encoding="ascii") as file:
            file.write("not a certificate\n")
        line = self.reload(server, "certificate_not_reloaded")
        self.assertEqual(line["level"], "error")
        self.assertIn(self.certificate, line["error"])
        self.assertEqual(self.presented(server), second, "what it had")

    def test_the_command_line_knows_the_server_of_a_data_directory_by_its_key(self):
        self.issue("videos.example")
        server = Server(config=f'[server]\npublic_base_url = "https://videos.example/kept"\n'
                               f'[server.tls]\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n[previz]\nscale = 0.1\n')
        self.addCleanup(server.remove)
        local = ("--data", server.data, "--config", server.config)
        video = os.path.join(self.folder, "fox.mp4")
        made = rushes("generate", "A fox in the snow", "--duration", "3", "-o", video, *local)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertGreater(os.path.getsize(video), 1000)
        self.issue("renewed.example")
        self.reload(server, "certificate_reloaded")
        listed = rushes("tasks", "list", *local)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("succeed", listed.stdout)
        named = rushes("tasks", "list", "--server", f"https://127.0.0.1:{server.port}", *local)
        self.assertEqual(named.returncode, 3, "a server that is named is known by its certificate")
        server.stop()
        private = rushes("generate", "A fox in the snow", "--duration", "3", "-o", video, *local)
        self.assertEqual(private.returncode, 0, private.stderr)


if __name__ == "__main__":
    unittest.main()
