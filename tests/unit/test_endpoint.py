"""Where things are, beside what platformdirs says of the same environment."""

from __future__ import annotations

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from daybeat.endpoint import MAX_SOCKET_PATH, locate

HOME = "/home/jane"
LINUX = {"HOME": HOME, "XDG_RUNTIME_DIR": "/run/user/1000"}
NAMES = ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
OVERRIDES = {"DAYBEAT_RUNTIME_DIR": "runtime", "DAYBEAT_STATE_DIR": "state", "DAYBEAT_CONFIG_DIR": "config"}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*NAMES, *OVERRIDES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", HOME)
    return monkeypatch


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"XDG_STATE_HOME": "/data/state"},
        {"XDG_CONFIG_HOME": "/data/config"},
        {"XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "./config"},
        {"XDG_STATE_HOME": "", "XDG_CONFIG_HOME": ""},
        {"XDG_STATE_HOME": "~/state", "XDG_CONFIG_HOME": "$HOME/config"},
        {"XDG_STATE_HOME": "/with blank/ö"},
        {"HOME": "/root"},
    ],
)
def test_linux_state_and_config_are_platformdirs(environ: pytest.MonkeyPatch, given: dict[str, str]) -> None:
    for name, value in given.items():
        environ.setenv(name, value)
    place = locate({**LINUX, **given}, "linux", 1000)
    wanted = Unix("daybeat", appauthor=False)
    assert place.fault == ""
    assert place.state == wanted.user_state_dir
    assert place.config == wanted.user_config_dir


def test_linux_runtime_is_platformdirs_where_the_session_has_one(
    environ: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    runtime = tmp_path_factory.mktemp("run")  # 0700, as platformdirs wants it
    environ.setenv("XDG_RUNTIME_DIR", str(runtime))
    place = locate({"HOME": HOME, "XDG_RUNTIME_DIR": str(runtime)}, "linux", 1000)
    assert place.runtime == Unix("daybeat", appauthor=False).user_runtime_dir


@pytest.mark.parametrize("home", [HOME, "/Users/jane", "/Users/jane doe"])
def test_macos_is_platformdirs(environ: pytest.MonkeyPatch, home: str) -> None:
    environ.setenv("HOME", home)
    place = locate({"HOME": home}, "darwin", 501)
    wanted = MacOS("daybeat", appauthor=False)
    assert (place.runtime, place.state, place.config) == (
        wanted.user_runtime_dir,
        wanted.user_state_dir,
        wanted.user_config_dir,
    )
    assert place.fault == ""


def test_the_paths_in_the_directories() -> None:
    place = locate({**LINUX, "XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c"}, "linux", 1000)
    assert place.ingest == "/run/user/1000/daybeat/ingest.sock"
    assert place.control == "/run/user/1000/daybeat/control.sock"
    assert place.database == "/s/daybeat/daybeat.db"
    assert place.settings == "/c/daybeat/config.toml"
    assert place.consent("acme") == "/c/daybeat/consent/acme"
    assert place.consent("all") == "/c/daybeat/consent/all"


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize(("variable", "part"), list(OVERRIDES.items()))
def test_an_override_stands_as_it_is(platform: str, variable: str, part: str) -> None:
    plain = locate(LINUX, platform, 1000)
    place = locate({**LINUX, variable: "/somewhere/else"}, platform, 1000)
    assert getattr(place, part) == "/somewhere/else"
    for other in set(OVERRIDES.values()) - {part}:
        assert getattr(place, other) == getattr(plain, other)


def test_the_overrides_need_no_home() -> None:
    place = locate(dict.fromkeys(OVERRIDES, "/x"), "linux", 1000)
    assert (place.runtime, place.state, place.config, place.fault) == ("/x", "/x", "/x", "")


@pytest.mark.parametrize("variable", OVERRIDES)
def test_an_empty_override_is_none(variable: str) -> None:
    assert vars_of({**LINUX, variable: ""}) == vars_of(LINUX)


def vars_of(environ: dict[str, str]) -> tuple[str, ...]:
    place = locate(environ, "linux", 1000)
    return place.runtime, place.state, place.config, place.fault


@pytest.mark.parametrize("variable", OVERRIDES)
@pytest.mark.parametrize("place", ["relative", "./here", "~/there", "/nul\0/there"])
def test_an_override_that_is_no_absolute_path_is_a_fault(variable: str, place: str) -> None:
    fault = locate({**LINUX, variable: place}, "linux", 1000).fault
    assert variable in fault
    assert "\n" not in fault


@pytest.mark.parametrize("relative", ["run", "./run", "~/run", "", " /run/user/1000"])
def test_without_an_absolute_runtime_directory_it_is_under_the_state(relative: str) -> None:
    place = locate({"HOME": HOME, "XDG_RUNTIME_DIR": relative}, "linux", 1000)
    assert place.runtime.startswith(place.state + "/")
    assert place.fault == ""


def test_the_runtime_directory_follows_an_override_of_the_state() -> None:
    place = locate({"HOME": HOME, "DAYBEAT_STATE_DIR": "/elsewhere"}, "linux", 1000)
    assert place.runtime.startswith("/elsewhere/")


@pytest.mark.parametrize("platform", ["linux", "darwin"])
@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "home/jane"}])
def test_without_a_home_there_is_a_fault_that_says_what_to_do(platform: str, environ: dict[str, str]) -> None:
    fault = locate(environ, platform, 1000).fault
    assert "HOME" in fault
    assert "\n" not in fault


@pytest.mark.parametrize(("platform", "longest"), [("linux", 107), ("darwin", 103)])
def test_a_socket_path_may_be_as_long_as_the_platform_allows(platform: str, longest: int) -> None:
    assert MAX_SOCKET_PATH[platform] == longest
    room = longest - len("/control.sock")
    fits = locate({**LINUX, "DAYBEAT_RUNTIME_DIR": "/" + "x" * (room - 1)}, platform, 1000)
    assert fits.fault == ""
    assert len(fits.control) == longest
    too_long = locate({**LINUX, "DAYBEAT_RUNTIME_DIR": "/" + "x" * room}, platform, 1000)
    assert str(longest) in too_long.fault
    assert "DAYBEAT_RUNTIME_DIR" in too_long.fault


def test_a_path_is_measured_in_bytes() -> None:
    assert locate({**LINUX, "DAYBEAT_RUNTIME_DIR": "/" + "ö" * 60}, "linux", 1000).fault
    assert locate({**LINUX, "DAYBEAT_RUNTIME_DIR": "/" + "\udcff" * 60}, "linux", 1000).fault == ""  # one byte each


def test_an_unknown_platform_has_the_lesser_limit() -> None:
    assert locate({**LINUX, "DAYBEAT_RUNTIME_DIR": "/" + "x" * 92}, "freebsd14", 1000).fault


def test_windows_says_that_there_is_none() -> None:
    assert "Windows" in locate({"USERPROFILE": "C:\\Users\\jane"}, "win32", 0).fault
