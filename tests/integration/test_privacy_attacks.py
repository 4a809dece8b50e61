"""A product's author and a process that mean ill, against the real daemon: beside the client as well as through it."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from support.collector import Collector
from support.hostile import DISGUISES, GENERATORS, Random, is_like_a_name
from support.house import House
from support.products import acme, https_json, product
from support.seen import Haystack, answers, bodies, cells, files
from support.waiting import until

PERSON = "jane.zorblatt@quixley.org"
KEYS = ("user", "agent", "tenant_id")
TAGGED = {"tags": {key: [] for key in KEYS}}

#: A peer of its own making, which never heard of the client's manners: whatever the wire can carry, it sends.
PEER = """
import json, os, sys, zmq
from daybeat import policy, wire
own = policy.policy("acme", version="2.1.0", consent="opt-out", declare=["feature.*", "cli.*"], errors=["acme"],
    tags={"operation": ["search"], "user": []}, sink=policy.https_json(sys.argv[2]))
packed = wire.pack_policy(own, "default")
context = zmq.Context()
peer = context.socket(zmq.PUSH)
peer.linger = 20000
peer.connect("ipc://" + os.environ["DAYBEAT_RUNTIME_DIR"] + "/ingest.sock")
def send(kind, payload):
    try:
        peer.send(wire.encode_parts(kind, "acme", wire.digest_of(packed), b"12345678", payload))
    except wire.WireError:
        pass
send("policy", packed)
for form, wild in json.load(open(sys.argv[1])):
    form = form[:150].replace("\\ud800", "")
    names = [form, "other." + form] + (["feature." + form, "cli." + form + ".x"] if wild else [])
    for name in names:
        send("counts", {"counts": {name: 1}})
        send("counts", {"observed": [[name, form, {"operation": form, form: "search", "user": form}, [1.5]]]})
        send("record", [name, 1.0, {form: form, "agent_id": form, "nested": {form: [form]}}])
    for error in ("", "acme:", "builtins:", "json:", "acme.x:a.<locals>.", "acme."):
        send("counts", {"errors": {error + form: 1, form + ":ValueError": 1}})
    facts = ["os.family", "os.machine", "os.containerized", "python.version", "python.implementation", "ci", form]
    send("process", dict.fromkeys([*facts, "libraries.acme", "libraries.pytest", "libraries." + form], form))
    send("counts", {"dropped": {form: 1}})
    send(form, {form: form})
    peer.send(form.encode("utf-8", "replace"))
send("counts", {"counts": {"feature.search": 7}})
peer.close()
context.term()
"""


def test_a_peer_without_the_clients_manners_gets_nothing_in_either(house: House, collector: Collector) -> None:
    secrets = []
    for seed in range(0, len(GENERATORS) * len(DISGUISES), 3):
        secret = GENERATORS[seed % len(GENERATORS)](Random(seed))
        secrets.append((secret, DISGUISES[(seed // len(GENERATORS)) % len(DISGUISES)](secret)))
    corpus = house.root / "home" / "planted.json"
    daemon = house.start_daemon("--log-level", "debug")
    house.run_client(acme(https_json(collector.url)) + "telemetry.observe('latency.known', 1.5)\n")
    house.settle()
    known = Haystack([*answers(house).values(), "positive negative"])
    corpus.write_text(json.dumps([[form, not is_like_a_name(secret, form)] for secret, form in secrets]))
    done = house.python(str(house.script(PEER)), str(corpus), collector.url)
    assert done.returncode == 0, done.stderr
    until(lambda: house.held().get("feature.search") == 7, "the last of its frames")
    house.send("acme")
    shown, sent = answers(house), bodies(collector)
    assert json.loads(shown["daybeat status --json"])["daemon"]["malformed"] > len(secrets)
    daemon.stop()
    seen = Haystack([*shown.values(), *sent.values(), *files(house).values(), *cells(house.state / "daybeat.db")])
    leaks = [(found, form) for _, form in secrets if (found := seen.found(form, known))]
    leaks += [(found, secret) for secret, _ in secrets if (found := seen.found(secret, known))]
    assert leaks == []


def identifiers(house: House, name: str = "acme") -> dict[str, str]:
    """The values of the tags as they would leave."""
    found = {}
    for key in house.beat(name)["distributions"]:
        for tag, value in re.findall(r"([a-z_]+)=([^,}]*)", key):
            found[tag] = value
    return found


def observing(name: str, person: str = PERSON) -> str:
    tags = dict.fromkeys(KEYS, person)
    return product(name, **TAGGED) + f"telemetry.observe('latency.search', 1.0, 'ms', {tags!r})\n"  # type: ignore[arg-type]


def test_identifiers_are_hashed_under_a_salt_that_forget_renews(house: House) -> None:
    house.start_daemon()
    for _ in range(2):
        house.run_client(observing("acme"))
    house.run_client(observing("bacme"))
    until(lambda: house.beats("acme") and house.beats("bacme"), "both products")
    house.settle()
    mine, theirs = identifiers(house, "acme"), identifiers(house, "bacme")
    assert set(mine) == set(KEYS)
    assert all(re.fullmatch("[0-9a-f]{16}", value) for value in mine.values())
    assert len(house.beat("acme")["distributions"]) == 1, "the same person is the same hash in each process"
    assert mine["user"] != theirs["user"], "two products can't join their users"
    assert house.daybeat("forget", "acme", "--yes").returncode == 0
    house.run_client(observing("acme"))
    until(lambda: [beat for beat in house.beats("acme") if beat["distributions"]], "the product's new life")
    assert identifiers(house, "acme")["user"] != mine["user"]
    everything = Haystack([*answers(house).values(), *files(house).values()])
    assert not everything.found(PERSON)


def test_the_salt_is_told_to_nobody(house: House) -> None:
    daemon = house.start_daemon()
    house.run_client(observing("acme"))
    house.settle()
    told = answers(house)
    daemon.stop()
    with sqlite3.connect(house.state / "daybeat.db") as connection:
        salts = [row[0] for row in connection.execute("SELECT salt FROM product")]
    connection.close()
    assert all(len(salt) >= 16 for salt in salts)
    assert len(set(salts)) == len(salts) > 1
    assert not any(salt.hex() in text or repr(salt) in text for salt in salts for text in told.values())
    assert (house.state / "daybeat.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "JaneZorblatt"),
        ("json.decoder", "JaneZorblatt"),
        ("builtins:ValueError", "JaneZorblatt"),
        ("acme:x", "JaneZorblatt"),
        ("acmeevil", "JaneZorblatt"),
        ("acme", "jane_zorblatt"),
        ("acme", "Jane.Zorblatt@quixley.org"),
        ("acme", "JaneZorblattQuixleyError"),
        ("acme", "Ghp16C7e42F292c6912E7710c838347Ae178B4a"),
        ("acme", "\u0408\u0430neZorblatt"),
        ("", "JaneZorblatt"),
    ],
)
def test_types_of_faked_modules_are_other_errors(house: House, module: str, name: str) -> None:
    house.start_daemon()
    made = f"telemetry.error(type({name!r}, (ValueError,), {{'__module__': {module!r}}}))\n"
    house.run_client(acme(errors=["acme"]) + made + "telemetry.count('cli.end')\n")
    house.await_counters({"cli.end": 1})
    assert house.beat()["errors"] == {"OtherError": 1}


def test_a_type_that_its_module_has_may_have_a_name_of_its_own(house: House) -> None:
    (house.root / "acme.py").write_text(
        "class ZorblattQuixleyError(Exception):\n    class Inner(ValueError): pass\n"
        "def made(): return type('ZorblattQuixleyError', (Exception,), {'__module__': 'acme'})()\n"
    )
    house.start_daemon()
    house.run_client(
        f"import sys; sys.path.insert(0, {str(house.root)!r})\n"
        + acme(errors=["acme"])
        + "import acme\nfor kind in (acme.ZorblattQuixleyError, acme.ZorblattQuixleyError.Inner, acme.made()):\n"
        "    telemetry.error(kind)\n"
        "telemetry.count('cli.end')\n"
    )
    house.await_counters({"cli.end": 1})
    assert house.beat()["errors"] == {"ZorblattQuixleyError": 1, "Inner": 1, "OtherError": 1}


def test_numbers_of_every_size_and_kind(house: House) -> None:
    house.start_daemon()
    values = (
        "[5e-324, -5e-324, 1e15, -1e15, -0.0, 1e308, float('nan'), float('inf'), 10**400, 2**63, True, None, 'x', 1j]"
    )
    counts = "[1, 0, -1, 2**53, 2**53 + 1, 10**400, True, 1.0, None, '1', float('nan')]"
    house.run_client(
        acme()
        + f"for value in {values}:\n    telemetry.observe('latency.x', value)\n"
        + f"for n in {counts}:\n    telemetry.count('cli.x', n)\ntelemetry.count('cli.end')\n"
    )
    until(lambda: "cli.end" in house.held(), "the end")
    beat = house.beat()
    assert beat["counters"] == {"cli.end": 1, "cli.x": 2**53}
    found = beat["distributions"]["latency.x"]
    assert (found["count"], found["min"], found["max"]) == (5, -1e15, 1e15)
    assert beat["dropped"]["unsafe"] > 0
