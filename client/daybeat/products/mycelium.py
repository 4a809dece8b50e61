"""Mycelium's telemetry: opt-in, events in batches to an HTTPS endpoint (docs/mycelium.md).

No call raises, prints or waits. Disabled, every call returns at once; without a daemon, every event is dropped.
"""

from __future__ import annotations

import os
import sys

from ..guard import guarded
from ..telemetry import Telemetry
from .mycelium_config import ENVIRONMENT, LOGGERS, TelemetryConfig, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..policy import Policy

__all__ = ["TelemetryClient", "TelemetryConfig", "get_telemetry_client"]

KINDS = ("agent_usage", "performance", "error", "system_info")

_IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy"}

# Who has reported its system, by pid and endpoint, and this process's client. Filled by `setdefault`, for threads race.
_told: dict[tuple[int, str], object] = {}
_clients: dict[str, TelemetryClient] = {}


class _Queue:
    """Stands for the queue that Mycelium's document shows in the client."""

    __slots__ = ("_telemetry",)

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry

    def qsize(self) -> int:
        """How many events are not yet handed to the daemon."""
        return self._telemetry.waiting


class TelemetryClient:
    """Mycelium's client. Without `config` the environment configures it: `TelemetryConfig.from_env()`."""

    def __init__(self, config: TelemetryConfig | None = None) -> None:
        if config is not None and not isinstance(config, TelemetryConfig):
            warn("config must be a TelemetryConfig")
            config = TelemetryConfig()
        self.config = config if config is not None else TelemetryConfig.from_env()
        self._telemetry = _telemetry(self.config)
        self._event_queue = _Queue(self._telemetry)
        if self._telemetry.enabled:
            self.track_system_info()

    def is_enabled(self) -> bool:
        """Whether this process sends to a daemon when one is there."""
        return self._telemetry.enabled

    def track_agent_usage(self, agent_id: str, operation: str, metadata: Mapping[str, Any] | None = None) -> None:
        """An agent was used. Its id is hashed; of `metadata` six fields with plain values are kept."""
        if self._telemetry.enabled:
            self._track("agent_usage", {"agent_id": agent_id, "operation": operation, "metadata": metadata})

    def track_performance(
        self, metric_name: str, value: float, unit: str = "ms", tags: Mapping[str, Any] | None = None
    ) -> None:
        """A value was measured, in `unit`."""
        if self._telemetry.enabled:
            self._track("performance", {"metric_name": metric_name, "value": value, "unit": unit, "tags": tags})

    def track_error(
        self,
        error_type: str,
        error_message: str,
        stack_trace: str | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> None:
        """An error happened. Message and trace are scrubbed before they are kept anywhere."""
        if self._telemetry.enabled:
            fields = {"error_type": error_type, "error_message": error_message}
            self._track("error", {**fields, "stack_trace": stack_trace, "context": context})

    def track_system_info(self) -> None:
        """What kind of system this is. Sent once a process, by itself when the first client is made."""
        if self._telemetry.enabled:
            guarded(self._system_info, otherwise=_drop)

    def shutdown(self) -> None:
        """Hand over what is pending, waiting 0.2 s at most, and be disabled from now on."""
        self._telemetry.close()

    def __enter__(self) -> TelemetryClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()

    def _system_info(self) -> None:
        ours = object()
        if _told.setdefault((os.getpid(), self.config.endpoint), ours) is not ours:
            return
        system = os.uname()
        runtime = sys.implementation.name
        self._track(
            "system_info",
            {
                "platform": system.sysname,
                "platform_version": system.release,
                "python_version": ".".join(map(str, sys.version_info[:3])),
                "python_implementation": _IMPLEMENTATIONS.get(runtime, runtime),
            },
        )

    def _track(self, kind: str, fields: dict[str, Any]) -> None:
        self._telemetry.event(kind, {name: value for name, value in fields.items() if value is not None})
        logging = sys.modules.get("logging")
        if logging is not None:  # else nobody can have asked for DEBUG
            guarded(self._show, logging, kind, fields, otherwise=_drop)

    def _show(self, logging: Any, kind: str, fields: dict[str, Any]) -> None:
        """Log the event as it will be sent, for whoever looks at DEBUG."""
        loggers = [logger for logger in map(logging.getLogger, LOGGERS) if logger.isEnabledFor(logging.DEBUG)]
        if not loggers:
            return
        from ..debug import shown

        event = shown(kind, fields, self.config.salt if self.config.has_own_salt else "")
        for logger in loggers:
            logger.debug("telemetry event: %s", event)


def get_telemetry_client() -> TelemetryClient:
    """This process's client, made at the first call, as the environment configures it."""
    return _clients.get("") or _clients.setdefault("", TelemetryClient())


def _telemetry(config: TelemetryConfig) -> Telemetry:
    def declared() -> Policy:
        from ..policy import https_json, policy

        return policy(
            "mycelium",
            consent="opt-out" if is_on_by_host else "opt-in",
            env_var="TELEMETRY_ENABLED",
            declare=KINDS,
            sink=https_json(str.__str__(config.endpoint), config.timeout, config.retry_attempts, config.retry_backoff),
            delivery="events",
            batch_size=config.batch_size,
        )

    environ = dict(os.environ)
    # A program that switches it on is no person: a recorded choice is stronger, also one that is made meanwhile.
    is_on_by_host = config.enabled and not (config.said_by == ENVIRONMENT or environ.get("TELEMETRY_ENABLED"))
    if config.said_by and not config.enabled:
        environ["TELEMETRY_ENABLED"] = "false"
    elif config.said_by == ENVIRONMENT:
        environ.setdefault("TELEMETRY_ENABLED", "true")  # `.env` said it
    return Telemetry._for_product(declared, environ, salt=config.salt if config.has_own_salt else "")


def _drop(_: Exception) -> None:
    pass
