"""Idun's telemetry: on by default, counters, one heartbeat a day to PostHog (docs/idun.md).

Importing this announces the product, for which it may wait 5 ms for the daemon, once. No call raises, prints or waits;
without a daemon every call does nothing.
"""

from __future__ import annotations

import os
import sys
from enum import Enum, StrEnum
from time import perf_counter

from ..guard import guarded
from ..telemetry import Telemetry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from ..policy import Policy

    Function = TypeVar("Function", bound=Callable[..., Any])

__all__ = [
    "AgentFramework",
    "agent_running",
    "cli_running",
    "feature_used",
    "maybe_send_heartbeat",
    "set_version",
    "track_command",
    "tutorial_running",
]

KEY = "FAKE-POSTHOF-API-KEY"
HOST = "https://us.i.posthog.com"


class AgentFramework(StrEnum):
    """What an agent is built with."""

    LANGGRAPH = "LANGGRAPH"
    ADK = "ADK"
    CREWAI = "CREWAI"
    HAYSTACK = "HAYSTACK"
    CUSTOM = "CUSTOM"
    TRANSLATION_AGENT = "TRANSLATION_AGENT"
    CORRECTION_AGENT = "CORRECTION_AGENT"
    DEEP_RESEARCH_AGENT = "DEEP_RESEARCH_AGENT"


WORKFLOWS = {framework.value: f"workflow.{framework.value.lower()}.count" for framework in AgentFramework}


def agent_running(agent_type: AgentFramework | str) -> None:
    """An agent of this type began to run. A type that is none of `AgentFramework` counts as CUSTOM."""
    if _telemetry.enabled:
        _telemetry.count(guarded(_framework, agent_type, otherwise=_custom))


def feature_used(feature_name: str) -> None:
    """A feature was used: one of the product's names, in lower case, never what a user typed."""
    if _telemetry.enabled:
        guarded(_count, "feature", feature_name, otherwise=_drop)


def cli_running(command: str) -> None:
    """A command of the product's own ran. Its name alone, never its arguments."""
    if _telemetry.enabled:
        guarded(_count, "cli", command, otherwise=_drop)


def tutorial_running(tutorial_id: str) -> None:
    """One of the product's own tutorials was begun."""
    if _telemetry.enabled:
        guarded(_count, "tutorial", tutorial_id, otherwise=_drop)


def maybe_send_heartbeat() -> None:
    """Nothing: the daemon keeps the schedule."""


def set_version(version: str) -> None:
    """The host's own version, PEP 440, for all that is counted from now on."""
    global _telemetry
    if _telemetry.enabled:
        old, _telemetry = _telemetry, _open(version)
        old.close()
        _telemetry.announce()


def track_command(command: str) -> Callable[[Function], Function]:
    """A decorator that counts a command, whether it succeeded, and how long it took in ms. Never its arguments.

    For functions, coroutine functions and generators. To leave with code 0, by `sys.exit` or click's `Context.exit`, is
    success.
    """

    def decorate(function: Function) -> Function:
        from ..decorators import around

        return around(lambda: _Command(command), function)

    return decorate


class _Command:
    """One run of a command."""

    __slots__ = ("_begun", "_command")

    def __init__(self, command: str) -> None:
        self._command = command

    def __enter__(self) -> None:
        cli_running(self._command)
        self._begun = perf_counter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        if _telemetry.enabled:
            guarded(_ended, self._command, error, (perf_counter() - self._begun) * 1000, otherwise=_drop)


def _framework(agent_type: Any) -> str:
    """The framework's counter, by the value or the name of any Enum, or by a text."""
    for given in (agent_type.value if isinstance(agent_type, Enum) else agent_type, getattr(agent_type, "name", "")):
        known = WORKFLOWS.get(str.upper(given)) if isinstance(given, str) else None
        if known is not None:
            return known
    return WORKFLOWS["CUSTOM"]


def _custom(_: Exception) -> str:
    return WORKFLOWS["CUSTOM"]


def _count(space: str, name: Any) -> None:
    _telemetry.count(f"{space}.{_word(name)}.count")


def _ended(command: Any, error: BaseException | None, duration: float) -> None:
    left = error.code in (None, 0) if isinstance(error, SystemExit) else getattr(error, "exit_code", 1) == 0  # click's
    _telemetry.count(f"cli.{_word(command)}.{'success' if error is None or left else 'failure'}")
    _telemetry.observe(f"cli.{_word(command)}.duration", duration, "ms")


def _word(name: Any) -> str:
    """A name as the daemon's rules have it; what they refuse is dropped there and counted."""
    given = name.value if isinstance(name, Enum) else name
    return given.strip().lower().replace(" ", "-") if isinstance(given, str) else ""


def _installed() -> str:
    """The version of the engine that is being imported; "unknown" when it does not say."""
    engine = sys.modules.get("idun_agent_engine")
    version = getattr(engine, "__version__", None)
    if type(version) is str:
        return version
    if engine is None:
        return "unknown"
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("idun-agent-engine")
    except PackageNotFoundError:
        return "unknown"


def _open(version: str) -> Telemetry:
    def declared() -> Policy:
        from ..policy import policy, posthog

        return policy(
            "idun",
            version=version,
            consent="opt-out",
            env_var="IDUN_TELEMETRY_ENABLED",
            declare=["feature.*", "cli.*", "tutorial.*", *WORKFLOWS.values()],
            sink=posthog(os.environ.get("IDUN_POSTHOG_KEY") or KEY, os.environ.get("IDUN_POSTHOG_HOST") or HOST),
        )

    return Telemetry._for_product(declared, os.environ, facts={"libraries.idun": version})


def _silent(_: Exception) -> str:
    return "unknown"


def _drop(_: Exception) -> None:
    pass


_telemetry = _open("unknown")
if _telemetry.enabled:
    _version = guarded(_installed, otherwise=_silent)
    if _version != "unknown":
        _telemetry = _open(_version)
    _telemetry.announce()
