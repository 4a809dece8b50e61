"""Mycelium's settings: what holds, what does not, and where they come from."""

from __future__ import annotations

import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from daybeat.products import mycelium
from daybeat.products.mycelium import TelemetryClient, TelemetryConfig, get_telemetry_client


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable and no `.env` of the tester's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DO_NOT_TRACK", raising=False)
    for name in ("ENABLED", "ENDPOINT", "TIMEOUT", "BATCH_SIZE", "RETRY_ATTEMPTS", "RETRY_BACKOFF", "SALT"):
        monkeypatch.delenv(f"TELEMETRY_{name}", raising=False)
    for name in ("RUNTIME", "STATE", "CONFIG"):
        monkeypatch.setenv(f"DAYBEAT_{name}_DIR", str(tmp_path / name.lower()))


def test_the_defaults() -> None:
    config = TelemetryConfig()
    assert (config.enabled, config.endpoint) == (False, "https://mycelium-telemetry.sornsen.io")
    assert (config.timeout, config.batch_size, config.retry_attempts, config.retry_backoff) == (5, 100, 3, 2.0)
    assert not config.is_enabled()
    assert len(bytes.fromhex(config.salt)) == 32
    assert TelemetryConfig().salt != config.salt
    assert config.salt not in repr(config)


@pytest.mark.parametrize(
    "settings",
    [
        *({"timeout": 0}, {"timeout": 31}, {"batch_size": 0}, {"batch_size": 1001}, {"batch_size": 1.5}),
        *({"retry_attempts": -1}, {"retry_attempts": 11}, {"retry_backoff": 0.9}, {"retry_backoff": 10.1}),
        *({"endpoint": "http://example.com"}, {"endpoint": ""}, {"endpoint": "ftp://example.com"}, {"salt": ""}),
        *({"endpoint": "https://example.com:x"}, {"salt": "\udcff"}),
    ],
)
def test_a_value_out_of_range_is_a_value_error(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        TelemetryConfig(**settings)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("example.com/in", "https://example.com/in"),
        ("https://example.com/in/?x=1", "https://example.com/in/?x=1"),
        ("http://localhost:8080/", "http://localhost:8080/"),
        ("http://127.9.9.9/", "http://127.9.9.9/"),
        ("http://[::1]:1/", "http://[::1]:1/"),
    ],
)
def test_an_endpoint(given: str, kept: str) -> None:
    assert TelemetryConfig(endpoint=given).endpoint == kept


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/in", "https://example.com/in"),
        ("https://example.com?x", "https://example.com?x"),
    ],
)
def test_an_endpoint_as_text_has_a_path(given: str, shown: str) -> None:
    config = TelemetryConfig(endpoint=given)
    assert str(config.endpoint) == f"{config.endpoint}" == shown
    assert TelemetryConfig(endpoint=config.endpoint).endpoint == given


@pytest.mark.parametrize("word", ["true", "1", "yes", "on", "TRUE", " On "])
def test_words_that_enable(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEMETRY_ENABLED", word)
    assert TelemetryConfig.from_env().is_enabled()


@pytest.mark.parametrize("word", ["false", "0", "no", "off", ""])
def test_words_that_do_not(word: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("TELEMETRY_ENABLED", word)
    assert not TelemetryConfig.from_env().is_enabled()
    assert caplog.records == []


def test_all_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "ENABLED": "true",
        "ENDPOINT": "example.com",
        "TIMEOUT": "10",
        "BATCH_SIZE": "50",
        "RETRY_ATTEMPTS": "0",
        "RETRY_BACKOFF": "1.5",
        "SALT": "pepper",
    }
    for name, value in variables.items():
        monkeypatch.setenv(f"TELEMETRY_{name}", value)
    config = TelemetryConfig.from_env()
    assert (config.enabled, config.endpoint) == (True, "https://example.com")
    assert (config.timeout, config.batch_size) == (10, 50)
    assert (config.retry_attempts, config.retry_backoff, config.salt) == (0, 1.5, "pepper")


def test_what_is_switched_off_still_reads_as_it_was_set(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TELEMETRY_TIMEOUT=7\n")
    monkeypatch.setenv("TELEMETRY_ENDPOINT", "example.com/in")
    for name, value in (("TELEMETRY_ENABLED", "false"), ("DO_NOT_TRACK", "1")):
        with monkeypatch.context() as context:
            context.setenv("TELEMETRY_ENABLED", "true")
            context.setenv(name, value)
            config = TelemetryConfig.from_env()
        assert (config.enabled, config.endpoint) == (False, "https://example.com/in")
        assert config.timeout == 5, "and no file is opened"


def test_a_salt_is_what_it_was_given_to_its_last_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEMETRY_SALT", " pepper ")
    assert TelemetryConfig.from_env().salt == " pepper "


def test_a_file_named_env_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["# ours", "export TELEMETRY_ENABLED='true' # yes", "OTHER=x", "TELEMETRY_TIMEOUT=7"]
    lines.append('TELEMETRY_SALT="a b"')
    Path(".env").write_text("\n".join([*lines, "TELEMETRY_BATCH_SIZE=5 # few", "nonsense"]))
    monkeypatch.setenv("TELEMETRY_TIMEOUT", "9")
    config = TelemetryConfig.from_env()
    assert (config.enabled, config.timeout, config.batch_size, config.salt) == (True, 9, 5, "a b")


@pytest.mark.parametrize(
    ("line", "salt"),
    [
        *(("\ufeffTELEMETRY_SALT=a", "a"), ("export\tTELEMETRY_SALT=a", "a"), ("  TELEMETRY_SALT = a  ", "a")),
        *(("TELEMETRY_SALT=a\t# ours", "a"), ("TELEMETRY_SALT=a#b=c", "a#b=c")),
        ("TELEMETRY_SALT='a # b' # c", "a # b"),
        *(("TELEMETRY_SALT=a\r\nTELEMETRY_TIMEOUT=7\r", "a"), ("TELEMETRY_SALT=b\nTELEMETRY_SALT=a", "a")),
    ],
)
def test_the_ways_in_which_people_write_a_line(line: str, salt: str) -> None:
    Path(".env").write_text(line + "\n", encoding="utf-8")
    assert TelemetryConfig.from_env().salt == salt


@pytest.mark.parametrize("line", ["# TELEMETRY_SALT=a", "set TELEMETRY_SALT=a", "TELEMETRY_SALT: a", "=a"])
def test_other_lines_say_nothing(line: str) -> None:
    Path(".env").write_text(line + "\n")
    assert TelemetryConfig.from_env().salt != "a"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("TIMEOUT", "31"), ("TIMEOUT", "soon")),
        *(("BATCH_SIZE", "-77"), ("RETRY_ATTEMPTS", "11"), ("ENABLED", "perhaps")),
        *(("RETRY_BACKOFF", "nan"), ("ENDPOINT", "http://example.com"), ("ENDPOINT", "ftp://hunter2@x")),
        *(("ENDPOINT", "https://hunter2:x@example.com:x"), ("SALT", "\udcff")),
    ],
)
def test_what_is_invalid_disables_with_one_warning_that_does_not_repeat_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if name != "ENABLED":
        monkeypatch.setenv("TELEMETRY_ENABLED", "true")
    monkeypatch.setenv(f"TELEMETRY_{name}", value)
    with TelemetryClient() as client:
        assert not client.is_enabled()
        client.track_agent_usage("a", "discover")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert f"TELEMETRY_{name}" in record.getMessage()
    assert value not in record.getMessage() or name == "ENABLED"


def test_disabled_by_default_and_every_call_does_nothing() -> None:
    with TelemetryClient() as client:
        assert not client.is_enabled()
        client.track_agent_usage("a", "discover", {"duration_ms": 1})
        client.track_performance("x", 1.0)
        client.track_error("ValueError", "x")
        client.track_system_info()
        assert client._event_queue.qsize() == 0


def test_the_person_who_says_off_is_stronger_than_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TELEMETRY_ENABLED", "off"), ("DO_NOT_TRACK", "1")):
        with monkeypatch.context() as context:
            context.setenv(name, value)
            assert not TelemetryClient(TelemetryConfig(enabled=True)).is_enabled()
    assert TelemetryClient(TelemetryConfig(enabled=True)).is_enabled()


def test_a_program_that_says_on_is_weaker_than_a_recorded_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = tmp_path / "config" / "consent" / "mycelium"
    choice.parent.mkdir(parents=True)
    choice.write_text("off\n")
    config = TelemetryConfig(enabled=True)
    assert not TelemetryClient(config).is_enabled()
    monkeypatch.setenv("TELEMETRY_ENABLED", "true")
    assert TelemetryClient(config).is_enabled()
    monkeypatch.delenv("TELEMETRY_ENABLED")
    Path(".env").write_text("TELEMETRY_ENABLED=true\n")
    assert TelemetryClient().is_enabled()
    monkeypatch.setenv("TELEMETRY_ENABLED", "perhaps")
    assert not TelemetryClient(config).is_enabled()


@pytest.mark.parametrize("config", [{}, "https://example.com", 7, True, TelemetryConfig, object()])
def test_a_config_that_is_none_disables_with_one_warning(config: Any, caplog: pytest.LogCaptureFixture) -> None:
    with TelemetryClient(config) as client:
        assert not client.is_enabled()
        assert not client.config.is_enabled()
        client.track_agent_usage("a", "discover")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_strict_raises_nothing_for_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    config = TelemetryConfig(enabled=True)
    config.endpoint = "http://example.com"  # type: ignore[assignment]
    monkeypatch.setenv("DAYBEAT_STRICT", "1")
    assert not TelemetryClient(config).is_enabled()


def test_threads_that_ask_at_once_get_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(50):
            monkeypatch.setattr(mycelium, "_clients", {})
            with ThreadPoolExecutor(8) as threads:
                asked = threads.map(lambda ready: (ready.wait(), get_telemetry_client())[1], [Barrier(8)] * 8)
                assert len(set(map(id, asked))) == 1
    finally:
        sys.setswitchinterval(interval)


def test_whatever_a_host_gives_raises_nothing() -> None:
    class Hostile:
        def __getattr__(self, name: str) -> Any:
            raise RuntimeError

        __str__ = __bool__ = __len__ = __getattr__

    with TelemetryClient(TelemetryConfig(enabled=True)) as client:
        for bad in (None, 7, b"x", Hostile(), object(), "\ud800", {1: 2}, ["x"] * 10**5):
            client.track_agent_usage(bad, bad, bad)  # type: ignore[arg-type]
            client.track_performance(bad, bad, bad, bad)  # type: ignore[arg-type]
            client.track_error(bad, bad, bad, bad)  # type: ignore[arg-type]
