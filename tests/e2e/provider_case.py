"""A server whose videos another server makes: client -> outer -> inner, all on loopback."""
import json
import unittest

from harness import Server, Witness, free_port, rushes

INNER = """
[previz]
scale = 0.1
[egress]
allow = ["127.0.0.0/8"]
[engine]
children = 2
threads_per_child = 1
"""
# An hour between two questions: whoever gets a video in seconds was called back.
OUTER = """
[server]
public_base_url = "http://127.0.0.1:{port}"
[egress]
allow = ["127.0.0.0/8"]
[[provider]]
name = "kitchen-provider"
adapter = "{adapter}"
base_url = "http://127.0.0.1:{inner}"
path_prefix = "{prefix}"
poll_interval_ms = {interval_ms}
{credentials}
{routes}
"""


def credential(label, concurrency=20, **secrets):
    lines = "".join(f'  {name} = "{value}"\n' for name, value in secrets.items())
    return f'  [[provider.credential]]\n  label = "{label}"\n  concurrency = {concurrency}\n{lines}'


def new_key(server, *arguments):
    return json.loads(rushes("key", "create", *arguments, "--json", "--data", server.data).stdout)


class ChainTest(unittest.TestCase):
    """One inner server for all tests, and an outer one as each class says.

    When the tests of the class are over, everything that clients of the outer server were shown is searched for what
    belongs to the inner one and for the names that the operator gave it.
    """
    adapter, prefix, interval_ms, routes = "kling", "/kling", 3_600_000, ""

    @classmethod
    def credentials(cls):
        return credential("cellar-credential", api_key=cls.inner.key)

    @classmethod
    def setUpClass(cls):
        cls.witness, cls.hidden = Witness(), []
        cls.inner = Server(config=INNER)
        cls.addClassCleanup(cls.inner.remove)
        port = free_port()
        cls.outer = Server(port=port, witness=cls.witness, config=OUTER.format(
            port=port, adapter=cls.adapter, inner=cls.inner.port, prefix=cls.prefix, interval_ms=cls.interval_ms,
            credentials=cls.credentials(), routes=cls.routes))
        cls.addClassCleanup(cls.outer.remove)

    @classmethod
    def tearDownClass(cls):
        hidden = cls.hidden + cls.inner.own_secrets() + cls.outer.upstream_secrets()
        assert any(what == "upstream_id" for what, _ in hidden), "nothing went through the provider"
        found = cls.witness.finds([(what, text) for what, text in hidden if text])
        assert not found, "\n".join(map(str, found))

    def hear(self, receiver):
        """Callbacks are shown to clients too."""
        for number, call in enumerate(receiver.calls):
            self.witness.saw(f"callback {number}", call.headers, call.body)
        receiver.close()

    def upstream_of(self, task_id):
        """The inner server's id of a task."""
        rows = self.outer.rows("SELECT upstream_id FROM attempt WHERE task = ? ORDER BY number", int(task_id))
        self.assertEqual(len(rows), 1)
        return rows[0]["upstream_id"]
