"""What `daybeat lint` refuses and what it lets pass, and the table of `daybeat docs`: the functions behind both."""

from __future__ import annotations

from datetime import date

import pytest

from daybeat.declaration import read
from daybeatd.declarations import findings, table
from support.environment import REPOSITORY

TODAY = date(2026, 5, 1)
HEAD = 'product = "acme"\n\n'


def told(text: str, on: date = TODAY) -> list[tuple[int, bool, str]]:
    return [(found.line, found.is_warning, found.message) for found in findings(read(text.encode()), on)]


def metric(name: str = "feature.search", **parts: str) -> str:
    parts = {"description": '"What it tells."', **parts}
    return f'{HEAD}[metrics."{name}"]\n' + "".join(f"{key} = {value}\n" for key, value in parts.items())


def test_a_good_declaration_has_no_findings() -> None:
    assert told(metric(unit='"ms"', owner='"me"', expires="2026-05-01", tags='{ operation = ["search"] }')) == []


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (metric(description='""'), 3, "no description"),
        (metric(description='"  "'), 3, "no description"),
        (metric(expires="2026-04-30"), 3, "expired on 2026-04-30"),
        (metric(unit='"furlong"'), 3, "furlong"),
        (metric("feature.user-path"), 3, "looks like more than a name"),
        (metric("feature.apikey"), 3, "looks like more than a name"),
        (metric("feature.jane-at-example-com"), 3, "looks like more than a name"),
        (metric("prompt.*", reviewed='""'), 3, "looks like more than a name"),
        (metric("cli.*", names='["run", "password"]'), 3, "cli.password"),
        (metric("feature.*"), 3, "cannot be told from a name"),
        (metric("feature.*"), 3, "feature.jane-doe"),
        (metric("*", reviewed='"fine"'), 3, "declares everything"),
        (metric("*.count", reviewed='"fine"'), 3, "declares everything"),
        (metric(tags='{ operation = ["jane@acme.dev"] }'), 5, "'jane@acme.dev'"),
        (metric(tags='{ operation = ["/home/jane"] }'), 5, "'/home/jane'"),
        (metric(tags='{ operation = ["ghp_16C7e42F292c6912E7710c838347Ae178B4a"] }'), 5, "secret"),
        (metric(tags='{ filepath = ["a"] }'), 5, "filepath"),
        (metric(tags="{ operation = [] }"), 5, "no value"),
        ('version = "1.2.3.4"\n' + metric(), 1, "version"),
        (metric() + '[sink]\nkind = "https_json"\nurl = "https://me:pass@acme.dev/"\n', 5, "password"),
        (metric(colour='"red"'), 5, "colour"),
    ],
    ids=lambda value: str(value)[-90:],
)
def test_what_is_refused(text: str, line: int, words: str) -> None:
    assert any((at, warns) == (line, False) and words in message for at, warns, message in told(text)), told(text)


@pytest.mark.parametrize("name", ["feature.apikey", "feature.user-path"])
def test_a_risky_name_may_stay_with_a_reason(name: str) -> None:
    assert told(metric(name, reviewed='"counts presses of the button of that name"')) == []


def test_a_reviewed_wildcard_stays_a_warning() -> None:
    ((line, is_warning, message),) = told(metric("feature.*", reviewed='"from a fixed list"'))
    assert (line, is_warning) == (3, True)
    assert "cannot be told from a name" in message
    assert "from a fixed list" in message


@pytest.mark.parametrize("name", ["user", "agent", "tenant_id"])
def test_hashed_tags_may_be_open(name: str) -> None:
    assert told(metric(tags=f"{{ {name} = [] }}")) == []


@pytest.mark.parametrize(
    "value", ["search", "L", "2.1", "gpt-4o", "A100", "x86_64", "utf-8", "dark mode", "true", "hit"]
)
def test_ordinary_values_pass(value: str) -> None:
    assert told(metric(tags=f'{{ operation = ["{value}"] }}')) == []


def test_what_is_too_large_for_the_wire_is_refused() -> None:
    words = ["search", "build", "export", "render", "update", "report", "filter", "layout"]
    names = [f"{a}-{b}.{b}-{c}.{c}-{a}.{a}-{c}.{b}-{a}" for a in words for b in words for c in words[:6]]
    text = HEAD + "[metrics]\n" + "".join(f'"{name}" = "What it tells."\n' for name in names)
    ((_, is_warning, message),) = told(text)
    assert not is_warning
    assert "bytes" in message


def test_the_example_has_but_its_wildcards_warning() -> None:
    example = (REPOSITORY / "docs" / "examples" / "telemetry.toml").read_text()
    assert [warns for _, warns, _ in told(example)] == [True]


def test_the_table_tells_what_is_in_force_and_how_to_switch() -> None:
    text = metric(
        "latency.search", description='"How long | a <b>search</b> took\\n."', unit='"ms"', expires="2026-06-01"
    )
    text += 'tags = { cache = ["hit"], user = [] }\n[metrics."old.one"]\ndescription = "Gone."\nexpires = 2026-04-30\n'
    shown = table(read(text.encode()), TODAY)
    row = next(line for line in shown.splitlines() if "latency.search" in line)
    cells = [
        "`latency.search`",
        r"How long \| a \<b\>search\</b\> took .",
        "ms",
        "`cache` (`hit`); `user` (a hash)",
        "",
    ]
    assert row == f"| {' | '.join([*cells, '2026-06-01'])} |"
    assert "old.one" not in shown
    assert "old.one" in table(read(text.encode()), date(2026, 4, 30))
    for words in ("daybeat on acme", "ACME_TELEMETRY_ENABLED=1", "daybeat preview acme", "Nothing is sent anywhere"):
        assert words in shown


def test_the_table_shows_no_credential() -> None:
    sink = '[sink]\nkind = "https_json"\nurl = "https://me:pw4711@t.acme.dev/k4711?q=4711"\n'
    sink += 'headers = { X-Key = "h4711" }\n'
    shown = table(read((metric() + sink).encode()), TODAY)
    assert "`t.acme.dev`" in shown
    assert "4711" not in shown
