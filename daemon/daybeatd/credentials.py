"""Which parts of a sink may be credentials, and how to leave them out of texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from daybeat.policy import Sink


def credentials_of(sink: Sink) -> set[str]:
    return {sink.key, *(value for _, value in sink.headers)} - {""}


def without(value: Any, secrets: Iterable[str]) -> Any:
    """`value` with `<key>` for every secret in its texts, however deep. No secret is ""."""
    # The longest first, and all in one pass: a secret that is part of another must not leave the rest of that one.
    longest_first = sorted(secrets, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return _replaced(value, pattern) if longest_first else value


def _replaced(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(each, pattern) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, pattern) for each in value]
    return pattern.sub("<key>", value) if isinstance(value, str) else value
