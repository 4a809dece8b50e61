"""The facts of a process: a closed set, computed once, that the wire carries and the rules let through."""

from __future__ import annotations

import sys
import types

import pytest

from daybeat import environment, privacy, wire

CI = ("CI", "CONTINUOUS_INTEGRATION", "BUILD_NUMBER", "TF_BUILD", "TEAMCITY_VERSION")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts are kept for the life of a process; here each test is one."""
    monkeypatch.setattr(environment, "_specs", None)
    for name in (*CI, "KUBERNETES_SERVICE_HOST", "container"):
        monkeypatch.delenv(name, raising=False)


def test_the_facts_are_of_a_closed_set() -> None:
    facts = environment.collect_system_specs()
    assert set(facts) <= {
        *("os.family", "os.machine", "os.containerized", "python.version", "python.implementation", "ci"),
        *("libraries.pytest", "libraries.ipython", "libraries.colab"),
    }
    assert all(value is None or type(value) in (str, bool) for value in facts.values())


def test_the_facts_are_those_of_this_python() -> None:
    facts = environment.collect_system_specs()
    assert facts["python.version"] == "{}.{}.{}".format(*sys.version_info[:3])
    assert facts["os.family"] == {"linux": "Linux", "darwin": "Darwin"}[sys.platform]
    assert facts["libraries.pytest"] == pytest.__version__


def test_nothing_tells_who_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "HOME", "HOSTNAME", "PWD", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "zorblatt")
    monkeypatch.setattr(sys, "argv", ["/home/zorblatt/x.py"])
    assert "zorblatt" not in repr(environment.collect_system_specs())


def test_they_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = environment.collect_system_specs()
    monkeypatch.setenv("CI", "true")
    assert environment.collect_system_specs() is first


@pytest.mark.parametrize("name", CI)
@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("true", True), ("False", False), ("0", False), ("", False)]
)
def test_continuous_integration_is_seen(monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: bool) -> None:
    monkeypatch.setenv(name, value)
    assert environment.collect_system_specs()["ci"] is expected


@pytest.mark.parametrize("name", ["KUBERNETES_SERVICE_HOST", "container"])
def test_a_container_that_says_so_is_one(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv(name, "10.0.0.1")
    assert environment.is_containerized() is True


def test_elsewhere_than_on_linux_nobody_can_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert environment.is_containerized() is None


@pytest.mark.parametrize(("version", "told"), [("8.20.0", "8.20.0"), (None, "unknown"), (8, "unknown")])
def test_a_loaded_library_is_told_by_its_version(monkeypatch: pytest.MonkeyPatch, version: object, told: str) -> None:
    module = types.ModuleType("IPython")
    if version is not None:
        module.__version__ = version  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert environment.collect_system_specs()["libraries.ipython"] == told


def test_a_library_that_is_not_loaded_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert environment.collect_system_specs()["libraries.ipython"] is False


def test_the_wire_carries_them() -> None:
    payload = wire.Process(facts=environment.collect_system_specs())
    frame = wire.Frame(product="acme", digest=b"d" * 8, nonce=b"n" * 8, payload=payload)
    assert wire.decode(wire.encode(frame)) == frame


def test_the_rules_keep_what_they_say() -> None:
    facts = environment.collect_system_specs()
    kept = privacy.system(facts)
    assert kept["os.family"] == facts["os.family"]
    assert kept["os.containerized"] == facts["os.containerized"]
    assert kept["libraries.ipython"] in (False, facts["libraries.ipython"])
