"""Hosts in poor places: no home, foreign or long paths, no sockets allowed, a socket mounted in, odd interpreters."""

from __future__ import annotations

import os
import shutil
import socket
import sys

import pytest

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

STRICT = ("-X", "dev", "-W", "error")
EVENTS = """
for _ in range(100):
    telemetry.count("feature.search")
telemetry.observe("latency.search", 1.0)
telemetry.error(ValueError())
telemetry.flush(0.2)
"""
#: As the client sees a switch of Python's that hides the places where the test put it.
PATH = "import sys\nsys.path[:0] = {path!r}\n"

SECCOMP = """
import ctypes, struct, platform
# Load the number of the system call; refuse {calls} with EPERM; allow the rest.
numbers = {calls}
program = [struct.pack("HBBI", 0x20, 0, 0, 0)]
for number in numbers:
    program += [struct.pack("HBBI", 0x15, 0, 1, number), struct.pack("HBBI", 0x06, 0, 0, 0x00050001)]
program.append(struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000))
code = ctypes.create_string_buffer(b"".join(program))
class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(Filter(len(program), ctypes.addressof(code))), 0, 0) == 0
"""
SYSTEM_CALLS = {
    "socket": [41],
    "connect": [42],
    "getsockopt": [55],
    "send": [44, 46],
    "recv": [45, 47],
    "threads": [56, 435],
    "getrandom": [318],
}


@pytest.mark.parametrize(
    "environ",
    [
        {"HOME": ""},
        {"HOME": "/nonexistent"},
        {"HOME": "/proc/self"},
        {"HOME": "relative"},
        {"XDG_RUNTIME_DIR": "relative"},
        {"XDG_CONFIG_HOME": "/proc/1/root"},
    ],
    ids=str,
)
def test_a_host_without_a_home_is_left_in_peace(house: House, environ: dict[str, str]) -> None:
    for name in ("DAYBEAT_RUNTIME_DIR", "DAYBEAT_STATE_DIR", "DAYBEAT_CONFIG_DIR"):
        del house.environ[name]
    assert_silent(house.run_client(acme() + EVENTS, *STRICT, **environ))


def test_a_home_that_cannot_be_written_is_no_hindrance(house: House) -> None:
    house.start_daemon()
    (house.root / "home").chmod(0o500)
    assert_silent(house.run_client(acme() + EVENTS, *STRICT))
    house.await_counters({"feature.search": 100})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_runtime_directory_of_another_user_is_refused(house: House) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(house.runtime / "ingest.sock"))
        listener.listen(8)
        listener.setblocking(False)
        os.chown(house.runtime, 65534, 65534)
        assert_silent(house.run_client(acme() + EVENTS, *STRICT))
        with pytest.raises(BlockingIOError):  # nobody came
            listener.accept()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_socket_of_another_user_gets_no_event(house: House) -> None:
    """The directory is ours, but who listens in it is not."""
    house.start_daemon()
    house.root.chmod(0o755)
    for name in ("run", "config", "state"):
        (house.root / name).chmod(0o755)
    (house.runtime / "ingest.sock").chmod(0o666)
    other = house.root / "other"
    other.mkdir()
    (other / "ingest.sock").symlink_to(house.runtime / "ingest.sock")
    os.chown(other, 65534, 65534)
    become = "import os\nos.setgid(65534); os.setuid(65534)\n"
    code = "import daybeat, msgpack\n" + become + acme() + EVENTS
    assert_silent(house.run_client(code, DAYBEAT_RUNTIME_DIR=str(other)))
    house.settle()
    assert house.held() == {}


def test_a_socket_that_is_mounted_into_a_container_is_used(house: House) -> None:
    """As a container sees it: the runtime directory is there, state and config are not."""
    house.start_daemon()
    elsewhere = {"DAYBEAT_STATE_DIR": "/nonexistent/state", "DAYBEAT_CONFIG_DIR": "/nonexistent/config"}
    assert_silent(house.run_client(acme() + EVENTS, *STRICT, HOME="/nonexistent", **elsewhere))
    house.await_counters({"feature.search": 100})


@pytest.mark.skipif(os.uname().machine != "x86_64" or sys.platform != "linux", reason="numbers of x86-64 Linux")
@pytest.mark.parametrize("forbidden", SYSTEM_CALLS)
@pytest.mark.parametrize("with_daemon", [True, False], ids=["daemon", "alone"])
def test_a_host_whose_system_calls_are_forbidden_goes_on(house: House, forbidden: str, with_daemon: bool) -> None:
    if with_daemon:
        house.start_daemon()
    code = SECCOMP.format(calls=SYSTEM_CALLS[forbidden]) + acme() + EVENTS
    assert_silent(house.run_client(code))
    if with_daemon and forbidden == "threads":
        house.await_counters({"feature.search": 100})


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace cuts calls short")
def test_interrupted_system_calls_are_no_matter(house: House) -> None:
    house.start_daemon()
    inject = "inject=connect,recvfrom,sendto:error=EINTR:when=1+3"
    done = house.run("strace", "-qq", "-o", "/dev/null", "-e", inject, sys.executable, "-c", acme() + EVENTS)
    if "ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert_silent(done)
    assert done.returncode == 0


@pytest.mark.parametrize(
    "flags",
    [
        ("-S",),
        ("-I",),
        ("-E", "-s"),
        ("-OO",),
        ("-P",),
        ("-X", "importtime"),
        ("-X", "frozen_modules=off"),
        ("-X", "int_max_str_digits=640"),
        ("-bb", "-W", "error"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("seed", ["0", "random"])
def test_the_interpreters_switches_change_nothing(house: House, flags: tuple[str, ...], seed: str) -> None:
    house.start_daemon()
    path = PATH.format(path=[each for each in sys.path if each.endswith("site-packages")] + _sources())
    done = house.run_client(path + acme() + EVENTS, *flags, PYTHONHASHSEED=seed)
    assert done.stdout == ""
    assert [line for line in done.stderr.splitlines() if not line.startswith("import time:")] == []
    house.await_counters({"feature.search": 100})


def _sources() -> list[str]:
    import daybeat

    return [os.path.dirname(os.path.dirname(daybeat.__file__))]
