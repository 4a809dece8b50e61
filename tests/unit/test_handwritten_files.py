"""What may lie where a person's file is expected: read at once, by both sides alike, believed only if it is theirs."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

import daybeat
from daybeat.consent import ADMINISTRATOR, MAX_CHOICE, UNREADABLE
from daybeat.endpoint import Endpoint
from daybeatd import choices, legacyfile, settings

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
SOMEBODY = 12345


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    """Directories in which `acme` is recorded under `consent/`, for the daemon's reader and for a client here."""
    for name in (*os.environ,):
        if "TELEMETRY" in name or name == "DO_NOT_TRACK":
            monkeypatch.delenv(name)
    for part in ("RUNTIME", "STATE", "CONFIG"):
        monkeypatch.setenv(f"DAYBEAT_{part}_DIR", str(tmp_path))
    (tmp_path / "consent").mkdir()
    return Endpoint(str(tmp_path), str(tmp_path), str(tmp_path))


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    path.write_text("")
    os.truncate(path, 1 << 40)


def link_to_nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def bound_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener, chdir(path.parent):  # the whole path may be too long for a socket
        listener.bind(path.name)


def anothers(path: Path) -> None:
    """A link of our own to somebody's file; what is in it would switch acme on, and send."""
    there = path.parent / "theirs"
    there.write_text("on\n" if path.name == "acme" else "send = true\n")
    os.chown(there, SOMEBODY, SOMEBODY)
    path.symlink_to(there)


ODD: list[Callable[[Path], object]] = [pipe, Path.mkdir, device, huge, link_to_nowhere, link_to_itself]
odd = pytest.mark.parametrize("lay", [*ODD, bound_socket, pytest.param(anothers, marks=AS_ROOT)])


def decided(place: Endpoint) -> tuple[str, str]:
    """What the client and the daemon's reader make of the record of `acme`, which is on unless somebody says no."""
    telemetry = daybeat.Telemetry("acme", consent="opt-out", version="1.0")
    try:
        return telemetry.mode, choices.read(place, "acme").strip()
    finally:
        telemetry.close()


@odd
def test_a_choice_that_is_no_file_of_theirs_grants_nothing(place: Endpoint, lay: Callable[[Path], object]) -> None:
    lay(Path(place.consent("acme")))
    assert decided(place) == ("off", UNREADABLE)


@odd
def test_nor_does_one_for_all_products(place: Endpoint, lay: Callable[[Path], object]) -> None:
    lay(Path(place.consent("all")))
    assert daybeat.Telemetry("acme", consent="opt-out").mode == "off"
    assert choices.read(place, "all") == UNREADABLE


@odd
def test_settings_that_are_no_file_of_theirs_send_nothing(place: Endpoint, lay: Callable[[Path], object]) -> None:
    lay(Path(place.settings))
    found, faults = settings.read(place.settings)
    assert not found.may_send("acme")
    (fault,) = faults
    assert fault.startswith(place.settings)
    assert "\n" not in fault


@odd
def test_a_record_of_another_telemetry_that_is_no_file_of_theirs_is_a_no(
    place: Endpoint, monkeypatch: pytest.MonkeyPatch, lay: Callable[[Path], object]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", place.config)
    monkeypatch.setenv("HOME", place.config)
    from platformdirs import user_config_path

    path = user_config_path("idun", appauthor=False) / "config.yaml"
    path.parent.mkdir(parents=True)
    lay(path)
    found = legacyfile.read("idun")
    assert found is not None
    assert found.is_off


@pytest.mark.parametrize("choice", ["on", "local", "off"])
def test_a_link_to_ones_own_file_is_followed(place: Endpoint, tmp_path: Path, choice: str) -> None:
    """Managers of dot files put one there."""
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles" / "acme").write_text(choice + "\n")
    Path(place.consent("acme")).symlink_to("../dotfiles/acme")
    assert decided(place) == (choice, choice)
    (tmp_path / "dotfiles" / "settings").write_text("send = false\n")
    Path(place.settings).symlink_to(tmp_path / "dotfiles" / "settings")
    found, faults = settings.read(place.settings)
    assert faults == []
    assert not found.may_send("acme")


@AS_ROOT
def test_the_file_of_root_is_believed(place: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """`sudo daybeat on` writes one, and some managers of dot files keep theirs so."""
    Path(place.consent("acme")).write_text("local\n")
    monkeypatch.setattr(os, "geteuid", lambda: SOMEBODY)
    assert choices.read(place, "acme") == "local\n"


def test_what_is_longer_than_a_choice_is_none(place: Endpoint) -> None:
    path = Path(place.consent("acme"))
    path.write_text("on" + " " * (MAX_CHOICE - 2))
    assert decided(place) == ("on", "on")
    path.write_text("on" + " " * (MAX_CHOICE - 2) + "off")
    assert decided(place) == ("off", UNREADABLE)


def test_without_a_file_there_is_no_record(place: Endpoint, tmp_path: Path) -> None:
    assert decided(place) == ("on", "")
    (tmp_path / "consent").rmdir()
    assert decided(place) == ("on", "")
    (tmp_path / "consent").write_text("in the way of a directory")
    assert decided(place) == ("on", "")
    assert choices.read(place, ADMINISTRATOR) == ""


def test_where_there_are_no_such_files_none_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows: a handle is off, also under strict rules, although the flags of an open do not exist there."""
    monkeypatch.setenv("DAYBEAT_STRICT", "1")
    for variable in ("DO_NOT_TRACK", "ACME_TELEMETRY_ENABLED"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    for flag in ("O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"):
        monkeypatch.delattr(os, flag)
    telemetry = daybeat.Telemetry("acme", consent="opt-out")
    assert (telemetry.mode, "Windows" in telemetry.reason) == ("off", True)
