"""Who may import what, and why. Read from the sources; `test_import_cost` looks at running interpreters."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest

from support.environment import REPOSITORY
from support.sources import attributes, early_imports, every, imports, modules, top

CLIENT = sorted(modules("daybeat"))
DAEMON = sorted(modules("daybeatd"))
CORE = [name for name in DAEMON if name.startswith("daybeatd.core")]
SINKS = [name for name in DAEMON if name.startswith("daybeatd.sinks.")]

#: The client's rooms that decide and never act, of which both sides are made.
PURE = {
    *("daybeat.book", "daybeat.consent", "daybeat.endpoint", "daybeat.policy", "daybeat.wire", "daybeat.zmtp"),
    *("daybeat.declaration", "daybeat.decorators", "daybeat.lines"),
    *("daybeat.disguise", "daybeat.lexicon", "daybeat.messages", "daybeat.note", "daybeat.plain", "daybeat.privacy"),
    *("daybeat.prose", "daybeat.records", "daybeat.scrub", "daybeat.tripwires", "daybeat.vocabulary", "daybeat.words"),
}
CLOCKS_CHANCE_AND_DISK = {"time", "random", "secrets", "uuid", "os", "io", "pathlib", "tempfile", "shutil"}
WAYS_OUT = {
    *("socket", "_socket", "ssl", "select", "selectors", "socketserver", "http", "urllib", "asyncio"),
    *("zmq", "httpx", "psutil", "sqlite3"),
}
THREADS_AND_PROCESSES = {
    *("threading", "_thread", "queue", "concurrent", "multiprocessing", "subprocess", "signal", "atexit", "fcntl"),
}
#: Where the daemon touches the world. `courier_file` is the courier's own hand for files.
EDGES = {
    *("daybeatd.ingest", "daybeatd.control", "daybeatd.store", "daybeatd.host", "daybeatd.choices"),
    *("daybeatd.dispatch", "daybeatd.courier", "daybeatd.courier_file", "daybeatd.settings"),
    "daybeatd.watch",
}
ADMIN = {name for name in DAEMON if name.startswith("daybeatd.admin")}
ABOVE_THE_EDGES = ADMIN | {f"daybeatd.{room}" for room in ("app", "serve", "cli", "demonstration", "shell")}


def tops(module: str) -> set[str]:
    return {top(name) for name in imports(module)}


def those_that_import(package: str) -> set[str]:
    return {module for module in every() if package in tops(module)}


@pytest.mark.parametrize("module", CLIENT)
def test_the_client_needs_msgpack_alone(module: str) -> None:
    """A host program carries all that the client imports: its size, its threads, its faults."""
    foreign = tops(module) - {"daybeat", "msgpack", "__future__"} - sys.stdlib_module_names
    if module == "daybeat.pytest_plugin":  # only pytest ever loads it
        foreign.discard("pytest")
    assert foreign <= {"_interpreters", "_xxsubinterpreters"}  # the standard library's, by its name on each version


@pytest.mark.parametrize("module", CLIENT)
def test_the_client_loads_msgpack_late(module: str) -> None:
    """A program whose user said no must not pay for what only a report needs."""
    assert "msgpack" not in {top(name) for name in early_imports(module)}


@pytest.mark.parametrize("module", sorted(PURE & set(CLIENT)))
def test_a_pure_room_of_the_client_touches_nothing(module: str) -> None:
    """The daemon decides by the same rooms: a decision that read a clock or a file could differ between the two."""
    assert not tops(module) & (CLOCKS_CHANCE_AND_DISK | WAYS_OUT | THREADS_AND_PROCESSES)


@pytest.mark.parametrize("module", sorted(PURE & set(CLIENT)))
def test_a_pure_room_of_the_client_imports_only_pure_rooms(module: str) -> None:
    """What a pure room imports it does."""
    assert {name for name in imports(module) if top(name) == "daybeat"} <= PURE


def test_only_the_sender_and_its_connection_have_sockets_and_threads_in_the_client() -> None:
    """Fork, exit, signals and descriptors of the host are dangers: who wants to check them reads two files."""
    assert {module for module in CLIENT if tops(module) & WAYS_OUT} <= {"daybeat.sender", "daybeat.connection"}
    threaded = THREADS_AND_PROCESSES - {"fcntl"}
    assert {module for module in CLIENT if tops(module) & threaded} == {"daybeat.sender"}
    users = {module for module in CLIENT if imports(module) & {"daybeat.sender", "daybeat.connection"}}
    assert users <= {"daybeat.telemetry", "daybeat.sender", "daybeat.testing"}


def test_only_the_sender_knows_of_forks_and_exits_in_the_client() -> None:
    """One hook for each, in one place: two that do not know of each other would lose numbers or count them twice."""
    hooks = {"fork", "forkpty", "register_at_fork", "_exit", "kill", "pipe", "dup", "dup2"}
    assert {module for module in CLIENT if attributes(module, "os") & hooks} == {"daybeat.sender"}


@pytest.mark.parametrize("module", CORE)
def test_the_core_reads_no_clock_no_chance_and_no_disk(module: str) -> None:
    """Time and chance are arguments: a year of laptop days is a test of values and not of sleeps."""
    assert not tops(module) & (CLOCKS_CHANCE_AND_DISK | WAYS_OUT | THREADS_AND_PROCESSES)
    assert not attributes(module, "datetime") & {"now", "today", "utcnow"}


@pytest.mark.parametrize("module", CORE)
def test_the_core_knows_no_edge(module: str) -> None:
    """Data walks one way: edges give values and take decisions, so that the core is right under any of them."""
    own = {name for name in imports(module) if top(name) in ("daybeat", "daybeatd")}
    assert all(name in PURE or name.startswith("daybeatd.core") for name in own)


@pytest.mark.parametrize("module", DAEMON)
def test_the_daemon_takes_only_pure_rooms_of_the_client(module: str) -> None:
    """A daemon that loaded a sender could report to itself. The shell's one event is a client, and is no daemon."""
    if module != "daybeatd.shell":
        own = {name for name in imports(module) if top(name) == "daybeat"}
        assert own <= PURE | {"daybeat"}  # the package itself: its version


def test_the_extras_bring_what_the_daemon_imports_and_nothing_beside_it() -> None:
    """What is imported nowhere is weight and risk for nothing; what no extra brings is there only by luck."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    names = [re.match(r"[a-z-]+", each) for each in (*project["dependencies"], *extras["daemon"], *extras["otlp"])]
    modules_of = {"pyzmq": {"zmq"}, "pyyaml": {"yaml"}, "opentelemetry-proto": {"opentelemetry", "google"}}
    brought = {module for name in names if name for module in modules_of.get(name[0], {name[0]})}
    foreign = {name for module in every() for name in tops(module)} - sys.stdlib_module_names
    ours = {"daybeat", "daybeatd", "pytest", "_interpreters", "_xxsubinterpreters"}
    assert foreign - ours == brought


def test_httpx_and_tls_are_the_couriers_alone() -> None:
    """The process that sees the data has no network; and 20 MB less."""
    outside = {module for module in DAEMON if not module.startswith("daybeatd.courier")}
    for package in ("httpx", "ssl", "truststore", "certifi", "asyncio"):
        assert not those_that_import(package) & outside, package


def test_nobody_imports_the_courier() -> None:
    """It is a process of its own; who imported it would have its network."""
    assert not {module for module in every() if "daybeatd.courier" in imports(module)}


def test_psutil_is_the_hosts_alone() -> None:
    """What a machine tells of its user is asked for in one place, where it can be read."""
    assert those_that_import("psutil") == {"daybeatd.host"}


def test_zmq_is_the_ingests_and_the_loops() -> None:
    """A socket's options were found by attacks. One file sets them; the loop only polls."""
    assert those_that_import("zmq") == {"daybeatd.ingest", "daybeatd.app"}
    used = attributes("daybeatd.app", "zmq")
    assert used <= {"Poller", "POLLIN", "POLLOUT", "POLLERR", "ZMQError"} | {name for name in used if name[:1] == "E"}


def test_only_the_store_opens_databases() -> None:
    """One writer. Others give it jobs, and may name what a job is given and what comes back when it failed."""
    for module in those_that_import("sqlite3") - {"daybeatd.store"}:
        assert attributes(module, "sqlite3") <= {"Connection", "Error"}, module


@pytest.mark.parametrize("edge", sorted(EDGES))
def test_an_edge_knows_no_other_edge(edge: str) -> None:
    """Each can be replaced, tested and read alone; one room wires them."""
    allowed = {"daybeatd.courier": {"daybeatd.courier_file"}}.get(edge, set())
    assert imports(edge) & (EDGES | ABOVE_THE_EDGES) <= allowed


def test_the_edges_named_here_exist() -> None:
    """A room that was renamed must not slip out of the rules."""
    assert not (EDGES | ABOVE_THE_EDGES) - set(DAEMON)
    assert not PURE - set(CLIENT)
    acting = {module for module in CLIENT if not module.startswith("daybeat.products")} - PURE
    assert acting <= {"daybeat"} | {
        f"daybeat.{room}"
        for room in ("telemetry", "sender", "connection", "environment", "guard", "debug", "sinks", "testing")
    } | {"daybeat.pytest_plugin"}


def test_the_rooms_below_the_app_do_not_know_it() -> None:
    """The wiring knows all and is known by the commands alone, so that nothing can reach around it."""
    knowing = {module for module in DAEMON if "daybeatd.app" in imports(module)}
    assert knowing <= {"daybeatd.serve"}
    assert not {module for module in DAEMON if imports(module) & {"daybeatd.serve", "daybeatd.cli"}} & EDGES


@pytest.mark.parametrize("sink", SINKS)
def test_a_sink_is_a_small_pure_room(sink: str) -> None:
    """A body is stored before it is sent and shown before that: it may depend on the heartbeat alone."""
    assert not tops(sink) & (CLOCKS_CHANCE_AND_DISK | WAYS_OUT | THREADS_AND_PROCESSES)


@pytest.mark.parametrize("sink", SINKS)
def test_a_sink_knows_the_contract_and_no_other_sink(sink: str) -> None:
    """A new sink is one new file. A file's lines are `https_json` bodies, which is why that one knows the other."""
    below = {"daybeatd.sinks.contract", "daybeatd.sinks.packing"}
    allowed = below | ({"daybeatd.sinks.https_json"} if sink == "daybeatd.sinks.file" else set())
    own = {name for name in imports(sink) if name.startswith("daybeatd")}
    assert {name for name in own if not name.startswith("daybeatd.core")} <= allowed
