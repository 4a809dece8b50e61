"""`daybeat doctor`: each thing that can be wrong, really made wrong, is named with the way to mend it."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daybeat.endpoint import locate
from daybeatd import doctor
from support.collector import Answer, Collector
from support.house import House
from support.outcomes import assert_one_line_error
from support.products import acme, https_json


def findings(house: House, **env: str) -> list[dict[str, Any]]:
    done = house.daybeat("doctor", "--json", **env)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    assert all(set(each) == {"level", "what", "mend"} for each in found)
    faults = [each for each in found if each["level"] == "fault"]
    assert done.returncode == (1 if faults else 0), done
    if faults:
        assert_one_line_error(done)
    return found


def told(house: House, words: str, **env: str) -> dict[str, Any]:
    """The one finding that has these words."""
    found = [each for each in findings(house, **env) if words in each["what"]]
    assert len(found) == 1, (words, findings(house, **env))
    return found[0]


def test_without_a_daemon_it_says_how_to_get_one(house: House) -> None:
    found = told(house, "no daemon is running")
    assert (found["level"], found["mend"]) == ("warning", "start it with: daybeatd")


def test_with_a_daemon_and_a_product_nothing_is_wrong(house: House) -> None:
    house.start_daemon()
    house.run_client(acme() + "telemetry.count('cli.run')\n")
    house.await_counters({"cli.run": 1})
    assert {each["level"] for each in findings(house)} == {"note"}
    shown = house.daybeat("doctor")
    assert (shown.returncode, shown.stderr) == (0, "")


@pytest.mark.parametrize("name", ["run", "state", "config"])
def test_directories(house: House, name: str) -> None:
    path = house.root / name
    path.chmod(0o755)
    found = told(house, str(path) + " can be opened by others")
    assert (found["level"], found["mend"]) == ("warning", f"chmod 700 {path}")
    path.rmdir()
    path.write_text("")
    assert told(house, f"{path} is no directory")["level"] == "fault"
    path.unlink()
    path.symlink_to("/nonexistent/daybeat")
    assert told(house, f"{path} is a link to nowhere")["level"] == "fault"


def test_a_directory_that_can_not_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of the room itself: root, as whom tests may run, can write everywhere."""
    monkeypatch.setattr(os, "access", lambda path, mode: path != str(tmp_path))
    environ = {f"DAYBEAT_{name}_DIR": str(tmp_path / "far" / name) for name in ("RUNTIME", "STATE", "CONFIG")}
    faults = [each.what for each in doctor.look(locate(environ, "linux", os.geteuid()), {}) if each.level == "fault"]
    below = [*environ.values(), str(tmp_path / "far" / "CONFIG" / "consent")]
    assert faults == [f"{path} can't be made: {tmp_path} can't be written" for path in below]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_another_user(house: House) -> None:
    os.chown(house.state, 12345, -1)
    assert "chown 0 " in told(house, "belongs to another user (uid 12345)")["mend"]


def test_a_socket_path_that_is_too_long(house: House) -> None:
    place = str(house.root / ("x" * 120))
    assert "107" in told(house, "socket path", DAYBEAT_RUNTIME_DIR=place)["what"]


def test_a_stale_socket_and_something_else_in_its_place(house: House) -> None:
    house.start_daemon().kill()
    assert told(house, "ingest.sock is left of a daemon that died")["level"] == "warning"
    (house.runtime / "control.sock").unlink()
    (house.runtime / "control.sock").write_text("")
    assert told(house, "control.sock is no socket")["level"] == "fault"


def test_another_daemon_that_does_not_answer(house: House) -> None:
    if not Path("/proc/locks").exists():
        pytest.skip("who holds a lock can't be seen here")
    daemon = house.start_daemon()
    other = house.root / "other"
    other.mkdir(mode=0o700)
    found = told(house, "another daemon holds", DAYBEAT_RUNTIME_DIR=str(other))
    assert f"kill {daemon.pid}," in found["mend"]
    daemon.stop(signal.SIGTERM)
    assert not [each for each in findings(house) if "another daemon" in each["what"]]


def test_a_control_socket_that_nobody_serves(house: House) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(house.runtime / "control.sock"))
        listener.listen()
        listener.settimeout(60)
        import threading

        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        assert told(house, "can't be asked")["level"] == "fault"


@pytest.mark.parametrize(
    ("name", "text", "words", "level"),
    [
        ("all", "off\n", "off for all products", "note"),
        ("Not A Product", "on\n", "no product's name", "warning"),
    ],
)
def test_recorded_choices(house: House, name: str, text: str, words: str, level: str) -> None:
    house.choose(name, text.strip())
    assert told(house, words)["level"] == level


def lay_no_word(path: Path) -> str:
    path.write_text("perhaps\n")
    return "is none of on, local, off"


def lay_a_directory(path: Path) -> str:
    path.mkdir()
    return "can't be read (it is no regular file)"


def lay_too_much(path: Path) -> str:
    path.write_text("on" + "\n" * 63)
    return "is longer than 64 bytes"


@pytest.mark.parametrize("name", ["acme", "all"])
@pytest.mark.parametrize("lay", [lay_no_word, lay_a_directory, lay_too_much])
def test_a_choice_that_reads_as_off_although_it_does_not_say_so(
    house: House, name: str, lay: Callable[[Path], str]
) -> None:
    """`status` and `doctor` name the file, and the client's own reason does too."""
    (house.config / "consent").mkdir(mode=0o700)
    path = house.config / "consent" / name
    fault = f"{path} {lay(path)}: it reads as off"
    assert told(house, fault)["level"] == "fault"
    house.start_daemon()
    assert fault in house.daybeat("status").stdout.splitlines()
    assert json.loads(house.daybeat("status", "--json").stdout)["daemon"]["choices"] == [fault]
    reason = house.run_client(acme() + "print(telemetry.mode, telemetry.reason)").stdout
    assert reason.startswith(f"off consent/{name} can't be read as one of on, local, off")
    if path.is_dir():
        path.rmdir()
    house.daybeat("on", *([] if name == "all" else [name]))
    assert not [each for each in findings(house) if each["level"] == "fault"]
    assert str(path) not in house.daybeat("status").stdout


def test_the_environment(house: House) -> None:
    assert told(house, "DO_NOT_TRACK", DO_NOT_TRACK="1")["level"] == "note"
    assert told(house, "ACME_TELEMETRY_ENABLED is set here (off)", ACME_TELEMETRY_ENABLED="no")["level"] == "note"
    assert told(house, "(no known word)", ACME_TELEMETRY_ENABLED="hunter2")
    assert "hunter2" not in house.daybeat("doctor", ACME_TELEMETRY_ENABLED="hunter2").stdout


def test_a_fault_of_the_settings(house: House) -> None:
    path = house.config / "config.toml"
    path.write_text("send = 3\nquiet_hours = 'at night'\n[products.acme]\nsnk = 'none'\n")
    path.chmod(0o600)
    faults = house.daybeat("config", "check").stdout.splitlines()
    assert len(faults) == 3
    assert [each["what"] for each in findings(house) if each["level"] == "fault"] == faults


def test_undeclared_names_are_told_as_far_as_they_are_safe(house: House) -> None:
    house.start_daemon()
    names = ("tutorial.finished", "tutorial.jane-doe", "user_query.jane", "prompt.x", "other.JANE", "zorblatt")
    house.run_client(acme() + f"for name in {names!r}:\n    telemetry.count(name)\ntelemetry.count('cli.run')\n")
    house.await_counters({"cli.run": 1})
    found = findings(house)
    named = [each["what"] for each in found if "does not declare" in each["what"]]
    assert set(named) == {
        "acme reports tutorial.finished, which it does not declare",
        "acme reports tutorial.<hidden>, which it does not declare",
    }
    assert len(named) == 2
    assert told(house, "5 undeclared")["level"] == "note"
    assert told(house, "1 unsafe")["level"] == "note"
    text = json.dumps(found)
    assert not any(hidden in text for hidden in ("jane", "JANE", "zorblatt", "query", "prompt"))
    house.daybeat("off", "acme")
    assert "tutorial" not in house.daybeat("doctor").stdout


def test_a_heartbeat_that_was_refused(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(status=400))
    house.start_daemon()
    house.run_client(acme(https_json(collector.url, retry_attempts=0)) + "telemetry.count('cli.run')\n")
    house.await_counters({"cli.run": 1})
    assert house.daybeat("send", "acme").returncode == 1
    assert any("refused a heartbeat" in each["what"] and "400" in each["what"] for each in findings(house))


def test_a_database_that_cannot_be_used(house: House) -> None:
    (house.state / "daybeat.db").mkdir()
    house.start_daemon()
    assert told(house, "the database can't be used")["level"] == "fault"
