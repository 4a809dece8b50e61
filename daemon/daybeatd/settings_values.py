"""What each value of `config.toml` may be. Pure; ValueErrors never repeat a value, which may be a credential."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from daybeat import policy
from daybeat.policy import Sink, host_of
from daybeatd.core.settings import QuietHours

SINKS = ("https_json", "posthog", "otlp", "file", "none")


def flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError("must be true or false, without quotes")
    return value


def kind(value: Any) -> str:
    if value not in SINKS:
        raise ValueError("must be one of " + ", ".join(SINKS))
    return str(value)


def tables(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be tables: [products.NAME]")
    return value


def path(value: Any) -> str:
    if type(value) is not str or not value.startswith("/") or not value.isprintable():
        raise ValueError("must be an absolute path, between quotes")
    return value


def proxy(value: Any) -> str:
    if type(value) is str and value.isprintable() and value.isascii() and " " not in value:
        scheme, _, rest = value.partition("://")
        if scheme in ("http", "https") and host_of(rest.partition("/")[0]):
            return value
    raise ValueError("must be an address like http://proxy.example:3128 (SOCKS is not supported)")


def quiet_hours(value: Any) -> QuietHours:
    times = [_time(part) for part in value.split("-")] if type(value) is str else []
    if len(times) != 2 or times[0] == times[1]:
        raise ValueError('must be like "22:00-07:00", from one time to another')
    return QuietHours(times[0], times[1])


def _time(text: str) -> int:
    hours, colon, minutes = text.strip().partition(":")
    if not colon or not all(1 <= len(part) <= 2 and part.isascii() and part.isdigit() for part in (hours, minutes)):
        raise ValueError('must be like "22:00-07:00"')
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError("has no such time: hours go from 00 to 23, minutes from 00 to 59")
    return (int(hours) * 60 + int(minutes)) * 60


def _https_json(table: Mapping[str, Any]) -> Sink:
    return policy.https_json(table["endpoint"], headers=table.get("headers"))


def _otlp(table: Mapping[str, Any]) -> Sink:
    return policy.otlp(table["endpoint"], headers=table.get("headers"))


def _posthog(table: Mapping[str, Any]) -> Sink:
    if "endpoint" in table:
        return policy.posthog(table["key"], host=table["endpoint"])
    return policy.posthog(table["key"])


def _file(table: Mapping[str, Any]) -> Sink:
    return policy.file(table["endpoint"])


#: How a sink is made from its table (or PolicyError), the keys that it needs, and those that it may have.
MAKERS: dict[str, tuple[Callable[[Mapping[str, Any]], Sink], tuple[str, ...], tuple[str, ...]]] = {
    "https_json": (_https_json, ("endpoint",), ("endpoint", "headers")),
    "otlp": (_otlp, ("endpoint",), ("endpoint", "headers")),
    "posthog": (_posthog, ("key",), ("endpoint", "key")),
    "file": (_file, ("endpoint",), ("endpoint",)),
}
