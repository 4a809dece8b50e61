"""A declaration as a file: what it declares, on which day, and the line of each fault."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybeat import policy
from daybeat.declaration import load, read
from daybeat.policy import PolicyError
from support.environment import REPOSITORY

TODAY = date(2026, 5, 1)
EXAMPLE = REPOSITORY / "docs" / "examples" / "telemetry.toml"
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WHOLE = """\
product = "acme"
version = "2.1.0"
consent = "opt-out"
env_var = "ACME"
delivery = "heartbeat"
errors = ["acme", "httpx"]

[sink]
kind = "https_json"
url = "https://telemetry.acme.dev/v1"
timeout = 7
headers = { X-Acme = "1" }

[tags]
operation = ["search", "build"]

[metrics]
"feature.plain" = "Only described."

[metrics."latency.search"]
description = "How long a search took."
unit = "ms"
tags = { cache = ["hit", "miss"], operation = ["other"] }
owner = "search team"
expires = 2026-05-01

[metrics."cli.*"]
description = "Each command."
names = ["run", "walk"]
"""


def test_the_whole_file_is_the_policy_that_the_constructor_would_make() -> None:
    expected = policy.policy(
        "acme",
        version="2.1.0",
        consent="opt-out",
        env_var="ACME",
        errors=["acme", "httpx"],
        declare=["feature.plain", "latency.search", "cli.run", "cli.walk"],
        tags={"operation": ["search", "build", "other"], "cache": ["hit", "miss"]},
        sink=policy.https_json("https://telemetry.acme.dev/v1", timeout=7, headers={"X-Acme": "1"}),
    )
    assert load(WHOLE.encode(), "telemetry.toml", TODAY) == expected


@pytest.mark.parametrize("form", ["expires = 2026-05-01", 'expires = "2026-05-01"'])
def test_a_metric_ends_after_its_last_day_with_its_tags(form: str) -> None:
    text = WHOLE.replace("expires = 2026-05-01", form).encode()
    assert "latency.search" in load(text, "", date(2026, 5, 1)).declare
    after = load(text, "", date(2026, 5, 2))
    assert after.declare == ("cli.run", "cli.walk", "feature.plain")
    assert dict(after.tags) == {"operation": ("build", "search")}


def test_when_all_have_expired_nothing_is_declared() -> None:
    text = b'product = "acme"\n[metrics."a.b"]\nexpires = 2020-01-01\n'
    assert load(text, "", TODAY).declare == ()


def test_the_callers_version_takes_the_files_place() -> None:
    assert load(WHOLE.encode(), "", TODAY, "3.0").version == "3.0"
    assert load(b'product = "acme"\n[metrics]\n"a.b" = ""', "", TODAY).version == "unknown"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("posthog", 'api_key = "phc_x"\nhost = "https://eu.i.posthog.com"'),
        ("otlp", 'url = "https://otlp.acme.dev/v1/metrics"'),
        ("file", 'path = "/var/log/acme.jsonl"'),
    ],
)
def test_every_sink_can_be_declared(kind: str, settings: str) -> None:
    text = f'product = "acme"\n[sink]\nkind = "{kind}"\n{settings}\n[metrics]\n"a.b" = "x"\n'
    sink = load(text.encode(), "", TODAY).sink
    assert sink is not None
    assert sink.kind == kind


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (('product = "acme"', 'product = "Acme"'), 1, "product"),
        (('product = "acme"\n', ""), 1, "product"),
        (('version = "2.1.0"', 'version = "two"'), 2, "PEP 440"),
        (('version = "2.1.0"', "version = 2.1"), 2, "PEP 440"),
        (('"opt-out"', '"maybe"'), 3, "consent"),
        (('"heartbeat"', '"often"'), 5, "delivery"),
        (('errors = ["acme", "httpx"]', 'errors = "acme"'), 6, "errors"),
        (('"https_json"', '"carrier-pigeon"'), 8, "kind"),
        (("https://telemetry", "http://telemetry"), 8, "https"),
        (("timeout = 7", "time_out = 7"), 11, "time_out"),
        (('operation = ["search", "build"]', "operation = 1"), 15, "operation"),
        (('["hit", "miss"]', '["hit=miss"]'), 23, "tags"),
        (("expires = 2026-05-01", "expire = 2026-05-01"), 25, "expire"),
        (("expires = 2026-05-01", 'expires = "soon"'), 25, "2027-06-30"),
        (("expires = 2026-05-01", "expires = 2026-05-01T00:00:00Z"), 25, "2027-06-30"),
        (('unit = "ms"', "unit = 1"), 22, "unit"),
        (('names = ["run", "walk"]', 'names = ["Run"]'), 29, "segment"),
        (('names = ["run", "walk"]', 'names = ["run", "run"]'), 27, "twice"),
        (('[metrics."cli.*"]', "[metrics.cli.run]"), 27, "quotes"),
        (('[metrics."cli.*"]', '[metrics."Cli.*"]'), 27, "no name"),
        (('[metrics."cli.*"]', '[metrics."cli.run"]'), 29, "*"),
        (('"feature.plain" = "Only described."', '"feature.plain" = 1'), 18, "table"),
        (('product = "acme"', 'product = "acme'), 1, "no TOML"),
        (('names = ["run", "walk"]', 'names = ["run"'), 30, "no TOML"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_fault_has_its_line_and_says_what_it_should_be(change: tuple[str, str], line: int, words: str) -> None:
    text = WHOLE.replace(*change)
    assert text != WHOLE
    fault = read(text.encode()).faults[0]
    assert (fault.line, words in fault.message) == (line, True), fault
    with pytest.raises(PolicyError, match=rf"^there/telemetry\.toml:{line}: "):
        load(text.encode(), "there/telemetry.toml", TODAY)


def test_all_faults_are_told_at_once_in_order() -> None:
    text = (
        WHOLE.replace('"acme"\nversion', '"Acme"\nversion').replace("expires =", "expire =").replace('"opt-out"', "1")
    )
    assert [fault.line for fault in read(text.encode()).faults] == [1, 3, 25]


def test_lines_are_right_around_strings_of_many_lines() -> None:
    text = 'product = "acme"\n[metrics."a.b"]\ndescription = """\n[metrics."a.c"]\nunit = 3\n"""\n'
    text += '[metrics."a.c"]\nunit = 3\n'
    assert [fault.line for fault in read(text.encode()).faults] == [8]


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"x" * 300_000, b"x = " + b"[" * 5000, b"x = " + b"9" * 5000, b"\xef\xbb\xbf"]
)
def test_what_is_no_declaration_is_one_fault_or_more(data: bytes) -> None:
    assert read(data).faults
    with pytest.raises(PolicyError):
        load(data, "telemetry.toml", TODAY)


@UNHURRIED
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for text in (data, b'product = "acme"\n[metrics]\n' + data, WHOLE.encode()[: len(data) * 3] + data):
        if not read(text).faults:
            load(text, "", TODAY)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@UNHURRIED
@given(
    st.sampled_from(sorted({"product", "version", "consent", "sink", "tags", "metrics", "errors", "env_var"})), VALUES
)
def test_no_value_of_any_kind_raises_anything_else(key: str, value: object) -> None:
    from daybeat.declaration import _Reader
    from daybeat.lines import Lines

    found = {"product": "acme", "metrics": {"a.b": "x"}, key: value}
    declaration = _Reader(found, Lines("")).declaration()
    if not declaration.faults:
        declaration.policy(TODAY)


def test_the_example_is_a_declaration() -> None:
    found = load(EXAMPLE.read_bytes(), str(EXAMPLE), TODAY)
    assert found.product == "acme"
    assert "cli.search" in found.declare
    assert "plugin.*" in found.declare
