"""ZeroMQ on the wire: a pyzmq PUSH socket is as good a client as ours, ours speaks to any PULL socket."""

from __future__ import annotations

import json

from support.collector import Collector
from support.house import House
from support.products import acme, https_json

#: What docs/wire.md tells the writer of another client: first the policy, then frames of its digest.
PUSH = """
import os, zmq
from daybeat import policy, wire
declared = policy.policy(
    "acme", version="3.0", consent="opt-out", declare=["feature.*", "latency.*"], errors=["httpx"],
    tags={{"operation": ["search"]}}, sink=policy.https_json({url!r}))
digest = wire.digest_of(wire.pack_policy(declared, "default"))
def frame(payload):
    return wire.encode(wire.Frame(product="acme", digest=digest, nonce=bytes(range(8)), payload=payload))
def counts(counts=(), errors=(), observed=()):
    return frame(
        wire.Counts(counts=dict(counts), errors=dict(errors), observed=tuple(observed), dropped={{}}))
context = zmq.Context()
push = context.socket(zmq.PUSH)
push.linger = 20000
push.connect("ipc://" + os.environ["DAYBEAT_RUNTIME_DIR"] + "/ingest.sock")
{send}
push.close()
context.term()
"""
IN_ORDER = """
push.send(frame(wire.Declaration(policy=declared, rule="default")))
push.send(counts({"feature.search": 5, "secret.name": 1}, {"ValueError": 2}))
push.send(counts({"feature.search": 2}, observed=[
    wire.Observed(name="latency.search", unit="ms", tags=(("operation", "search"),), values=(1.0, 2.5))]))
"""
POLICY_LAST = """
push.send(counts({"feature.search": 5}))
push.send(counts({"feature.search": 2}))
push.send(frame(wire.Declaration(policy=declared, rule="default")))
"""
NEVER_DECLARED = 'push.send(counts({"feature.search": 5}))\n'


def test_a_pyzmq_push_socket_is_counted_like_any_client(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(PUSH.format(url=collector.url, send=IN_ORDER))
    house.await_counters({"feature.search": 7})
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('feature.search')")
    house.await_counters({"feature.search": 8})
    house.send("acme")
    (beat,) = collector.events("heartbeat")
    latency = beat["distributions"]["latency.search{operation=search}"]
    assert (latency["count"], latency["sum"], latency["min"], latency["max"]) == (2, 3.5, 1.0, 2.5)
    assert beat["errors"] == {"ValueError": 2}
    assert beat["dropped"]["undeclared"] == 1
    assert beat["fleet"]["processes"] == 2


def test_frames_of_a_policy_still_unknown_wait_for_it(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(PUSH.format(url=collector.url, send=POLICY_LAST))
    house.await_counters({"feature.search": 7})


def test_frames_of_a_policy_that_never_comes_are_not_counted(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(PUSH.format(url=collector.url, send=NEVER_DECLARED))
    house.settle()
    assert house.held() == {}


OTHER_VERSION = """
import msgpack
other = msgpack.packb([2, "totals", "acme", {"of": "another"}, 5, 6, 7])
push.send(other)
push.send(frame(wire.Declaration(policy=declared, rule="default")))
push.send(other)
push.send(other)
push.send(counts({"feature.search": 7}))
"""


def test_frames_of_another_version_are_counted_with_their_product(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(PUSH.format(url=collector.url, send=OTHER_VERSION))
    house.await_counters({"feature.search": 7})
    assert house.beat()["dropped"]["version"] == 2
    daemon = json.loads(house.daybeat("status", "--json").stdout)["daemon"]
    assert (daemon["refused"], daemon["malformed"]) == (1, 0)
    house.daybeat("off", "acme")
    house.run_client(PUSH.format(url=collector.url, send="import msgpack; push.send(msgpack.packb([2, '', 'acme']))"))
    house.settle()
    assert house.held() == {}


#: A bare PULL socket where the daemon's would be: it binds, says so, and gives all it got when told to.
PULL = """
import json, os, sys, zmq
from daybeat import wire
context = zmq.Context()
pull = context.socket(zmq.PULL)
pull.bind("ipc://" + os.environ["DAYBEAT_RUNTIME_DIR"] + "/ingest.sock")
print("bound", flush=True)
frames = []
def total():
    numbers = [frame.payload for frame in frames if type(frame.payload) is wire.Counts]
    return sum(each.counts.get("feature.search", 0) for each in numbers)
while total() < {events} and pull.poll(20000):
    frames.append(wire.decode(pull.recv()))
kinds = [type(frame.payload).__name__ for frame in frames]
assert kinds.index("Declaration") < kinds.index("Counts")
assert {{frame.product for frame in frames}} == {{"acme"}}
assert len({{frame.nonce for frame in frames}}) == {clients}
assert len({{frame.digest for frame in frames}}) == 1
assert total() == {events}, total()
assert not pull.poll(500), "more than was counted"
context.destroy(0)
"""


def test_our_client_delivers_to_a_bare_pull_socket(house: House) -> None:
    launcher = f"""
import subprocess, sys
program = {PULL.format(events=3 * 500, clients=3)!r}
pull = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
assert pull.stdout.readline() == b"bound\\n"
client = {acme() + "for _ in range(500): telemetry.count('feature.search')"!r}
clients = [subprocess.Popen([sys.executable, "-c", client]) for _ in range(3)]
assert [each.wait() for each in clients] == [0] * 3
sys.exit(pull.wait())
"""
    done = house.run_script(launcher)
    assert (done.returncode, done.stderr) == (0, "")
