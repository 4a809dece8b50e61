"""What of a sink may be a credential, and texts without it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from daybeat.policy import Sink


def credentials_of(sink: Sink) -> set[str]:
    return {sink.key, *(value for _, value in sink.headers)} - {""}


def without(value: Any, secrets: Iterable[str]) -> Any:
    """`value` with every secret in its texts replaced."""
    if isinstance(value, dict):
        return {key: without(each, secrets) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, secrets) for each in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "<key>")
    return value
