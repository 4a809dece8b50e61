"""The names of the places that streams are bound for. Pure."""

from __future__ import annotations

from daybeat import wire
from daybeat.policy import Sink

#: Of numbers that may never be sent.
LOCAL = "local"
#: Of numbers of a product without a sink.
NONE = "none"


def destination_of(sink: Sink | None) -> str:
    """The name of the place that a sink stands for, without what may be a credential."""
    if sink is None:
        return NONE
    if sink.kind == "file":
        return f"file {sink.url}"
    scheme, _, rest = sink.url.partition("://")
    for mark in "/?#\\":
        rest = rest.partition(mark)[0]
    where = f"{scheme}://{rest.rpartition('@')[2]}"  # a path may be a key, too: those of web hooks are
    # Two paths, or keys of two projects, are two places; what tells them apart must not tell the key.
    mark = wire.digest_of(f"{sink.url} {sink.key}".encode()).hex()[:8]
    return f"{sink.kind} {where} {mark}"
