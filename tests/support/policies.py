"""Policies of every shape that `policy()` allows, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

import daybeat
from daybeat.policy import Policy, Sink, policy

segments = st.text("abcxyz019_-", min_size=1, max_size=12)
names = st.lists(segments, min_size=1, max_size=6).map(".".join)
patterns = st.lists(st.one_of(segments, st.just("*")), min_size=1, max_size=6).map(".".join)
products = st.from_regex(r"[a-z][a-z0-9_-]{0,31}", fullmatch=True).filter(lambda name: name != "all")
identifiers = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,20}(\.[A-Za-z_][A-Za-z0-9_]{0,20}){0,2}", fullmatch=True)
_printable = st.characters(min_codepoint=33, max_codepoint=126)
_in_tags = st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='{}=,"\\')
tag_values = st.text(_in_tags, min_size=1, max_size=64)
_headers = st.dictionaries(
    st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True), st.text(_printable, max_size=40), max_size=4
)
_urls = st.sampled_from(
    [
        "https://telemetry.acme.dev/v1",
        "https://user:secret@acme.dev:8443/a/b?token=x#y",
        "http://127.0.0.1:8080/in",
        "http://[::1]/",
        "HTTPS://ACME.dev",
        "https://bücher.example/ü",
    ]
)


def _https_json(url: str, timeout: float, attempts: int, backoff: float, headers: dict[str, str]) -> Sink:
    return daybeat.https_json(url, timeout, attempts, backoff, headers)


sinks = st.one_of(
    st.none(),
    st.builds(
        _https_json,
        _urls,
        st.floats(0.001, 60),
        st.integers(0, 10),
        st.floats(1, 10),
        _headers,
    ),
    st.builds(daybeat.posthog, st.text(_printable, min_size=1, max_size=60), _urls),
    st.builds(daybeat.otlp, _urls, _headers),
    st.builds(daybeat.file, st.text(_printable, max_size=60).map(lambda path: "/" + path)),
)


def _policy(product: str, sink: Sink | None, **fields: object) -> Policy:
    return policy(product, sink=sink, **fields)  # type: ignore[arg-type]


policies = st.builds(
    _policy,
    products,
    sinks,
    version=st.sampled_from(["2.1.0", "1!2.0rc1.post3.dev4+local.7", "unknown", "v1", "not one", ""]),
    consent=st.sampled_from(["opt-in", "opt-out"]),
    env_var=st.one_of(st.none(), st.from_regex(r"[A-Z_][A-Z0-9_]{0,30}", fullmatch=True)),
    declare=st.one_of(st.none(), st.lists(patterns, max_size=8)),
    tags=st.one_of(st.none(), st.dictionaries(segments, st.lists(tag_values, max_size=4), max_size=4)),
    errors=st.one_of(st.none(), st.lists(identifiers, max_size=4)),
    delivery=st.sampled_from(["heartbeat", "events"]),
    batch_size=st.integers(1, 1000),
)
