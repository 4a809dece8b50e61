"""For a product's authors: the faults of its declaration, and a table of it for its privacy page.

`show_findings` and `show_table` are the commands `daybeat lint` and `daybeat docs`; all else is pure.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import click

from daybeat import consent, privacy, tripwires, vocabulary, wire
from daybeat.declaration import MAX_FILE, Declaration, Fault, Metric, located, read
from daybeat.policy import PolicyError, Sink

#: What an open wildcard cannot do, in the words of docs/privacy.md.
OPEN = (
    "an open wildcard: a secret that is spelled like a name (feature.jane-doe) cannot be told from a name and would be "
    "sent"
)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault, or with `is_warning` what an author should know but may leave. Lines count from 1, 0: unknown."""

    line: int
    message: str
    is_warning: bool = False


def findings(declaration: Declaration, on: datetime.date) -> list[Finding]:
    """All that is wrong with a declaration on the day `on`, by line."""
    found = [Finding(fault.line, fault.message) for fault in declaration.faults]
    for metric in declaration.metrics:
        found += _metric(metric, on)
        for key, values in metric.tags:
            found += _tag(key, values, declaration.lines.of(("metrics", metric.name, "tags", key)))
    for key, values in declaration.tags.items():
        found += _tag(key, values, declaration.lines.of(("tags", key)))
    found += _head(declaration)
    if not found or all(each.is_warning for each in found):
        found += _whole(declaration, on)
    return sorted(found)


def _metric(metric: Metric, on: datetime.date) -> Iterator[Finding]:
    line, name = metric.line, metric.name
    if not metric.description.strip():
        yield Finding(line, f"{name} has no description: say what it tells, in words that users understand")
    if metric.is_expired(on):
        yield Finding(line, f"{name} expired on {metric.expires}: take it out, or give it a later date")
    if metric.unit and privacy.unit(metric.unit) != metric.unit:
        yield Finding(line, f"{name}: the unit {metric.unit!r} is not on the list and would be sent as 1")
    yield from _risks(metric)
    if "*" in name and not metric.names:
        if name.startswith("*"):
            yield Finding(line, f"{name} declares everything: begin it with a segment of your own, such as feature.*")
        elif metric.reviewed.strip():
            yield Finding(line, f"{name}: {OPEN}; reviewed: {metric.reviewed}", is_warning=True)
        else:
            yield Finding(line, f'{name}: {OPEN}; list its names = ["..."], or say in reviewed = "..." why it is safe')


def _risks(metric: Metric) -> Iterator[Finding]:
    for declared in metric.declares:
        segments = [segment for segment in declared.split(".") if segment != "*"]
        if segments and not metric.reviewed.strip() and tripwires.trips(segments):
            yield Finding(
                metric.line,
                f"{declared} looks like more than a name, by its words or its shape (docs/privacy.md, Tripwires): "
                'choose another, or say in reviewed = "..." why it is safe',
            )


def _tag(key: str, values: Iterable[str], line: int) -> Iterator[Finding]:
    if not privacy.is_identifying(key) and tripwires.trips([key]):
        yield Finding(line, f"the tag {key} looks risky by its name: choose another")
    if not list(values) and not privacy.is_identifying(key):
        yield Finding(line, f"the tag {key} may take no value: list them all")
    for value in values:
        if _is_risky(value):
            yield Finding(line, f"the tag {key} may take {value!r}, which looks like personal data, a path or a secret")


def _is_risky(value: str) -> bool:
    if value in vocabulary.KNOWN or privacy.version(value) != privacy.UNKNOWN:
        return False
    word = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
    return any(mark in value for mark in "@/\\:") or not word or tripwires.trips([word], risky=False)


def _head(declaration: Declaration) -> Iterator[Finding]:
    lines, settings = declaration.lines, declaration.settings
    version = settings.get("version")
    if version is not None and privacy.version(version) == privacy.UNKNOWN:
        yield Finding(lines.of(("version",)), "the version would be sent as unknown: docs/privacy.md has the grammar")
    sink = declaration.sink
    if sink is not None and "@" in sink.url.partition("://")[2].partition("/")[0]:
        yield Finding(lines.of(("sink",)), "the address has a password in it, for everybody who has the file")
    if sink is not None and any(name.lower() in _CREDENTIALS for name, _ in sink.headers):
        words = "a header with a credential, which everybody who has the file can read: let it permit writing alone"
        yield Finding(lines.of(("sink", "headers")), words, is_warning=True)


_CREDENTIALS = ("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token")


def _whole(declaration: Declaration, on: datetime.date) -> Iterator[Finding]:
    """Whether it makes a policy that fits into a frame."""
    try:
        wire.pack_policy(declaration.policy(on), consent.DEFAULT)
    except (PolicyError, wire.WireError) as fault:
        yield Finding(1, str(fault))


def table(declaration: Declaration, on: datetime.date) -> str:
    """The declaration for a privacy page, in Markdown. Raises PolicyError for one that does not hold."""
    policy = declaration.policy(on)
    rows = [
        ("Name", "What it tells", "Unit", "Tags", "Owner", "Until"),
        ("---",) * 6,
        *(_row(metric) for metric in declaration.metrics if not metric.is_expired(on)),
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    switch = "on" if policy.consent == "opt-in" else "off"
    state = "off until you switch it on" if policy.consent == "opt-in" else "on until you switch it off"
    return "\n".join(
        [
            *lines,
            "",
            *_tags(declaration),
            f"Exceptions are counted by type: Python's own{_and(policy.errors)}; never a message, never a value.",
            "",
            f"{_where(policy.sink)} Telemetry of {policy.product} is {state}: `daybeat {switch} {policy.product}`, or "
            f"`{policy.env_var}={int(switch == 'on')}`. `daybeat preview {policy.product}` shows the exact bytes.",
            "",
        ]
    )


def _tags(declaration: Declaration) -> list[str]:
    """The shared ones in a sentence of their own."""
    told = "; ".join(_told(key, values) for key, values in sorted(declaration.tags.items()))
    return [f"What is measured may be told apart by {_cell(told)}.", ""] if told else []


def _told(key: str, values: Iterable[str]) -> str:
    """A tag and what it may be. What identifies somebody is hashed, save for the values that are listed."""
    shown = [f"`{value}`" for value in values] + (["a hash"] if privacy.is_identifying(key) else [])
    return f"`{key}` ({', '.join(shown)})"


def _row(metric: Metric) -> tuple[str, ...]:
    tags = "; ".join(_told(key, values) for key, values in metric.tags)
    return (
        ", ".join(f"`{name}`" for name in metric.declares),
        _cell(metric.description),
        _cell(metric.unit),
        _cell(tags),
        _cell(metric.owner),
        str(metric.expires or ""),
    )


def _cell(text: str) -> str:
    """Text that stays within its cell, and is text."""
    return re.sub(r"([|<>\[\]\\])", r"\\\1", " ".join(text.split()))


def _and(packages: tuple[str, ...]) -> str:
    return f", and those of {', '.join(f'`{package}`' for package in packages)}" if packages else ""


def _where(sink: Sink | None) -> str:
    """The place that heartbeats go to, without what may be a credential."""
    if sink is None:
        return "Nothing is sent anywhere."
    if sink.kind == "file":
        return "One heartbeat a day is written to a file."
    host = sink.url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
    return f"One heartbeat a day is sent to `{host}`."


def show_findings(file: str, on: datetime.date) -> None:
    """Print what is wrong with `file` on the day `on`. Raises ClickException when that is more than warnings."""
    found = findings(_declared(file), on)
    for finding in found:
        message = f"warning: {finding.message}" if finding.is_warning else finding.message
        click.echo(located(file, Fault(line=finding.line, message=message)))
    faults = sum(not finding.is_warning for finding in found)
    if faults:
        raise click.ClickException(f"{file} has {faults} {'fault' if faults == 1 else 'faults'}")


def show_table(file: str, on: datetime.date) -> None:
    """Print the table of what `file` declares on the day `on`. Raises ClickException for one that does not hold."""
    declaration = _declared(file)
    if declaration.faults:
        raise click.ClickException(f"{located(file, declaration.faults[0])} (all faults: daybeat lint {file})")
    try:
        click.echo(table(declaration, on), nl=False)
    except PolicyError as fault:
        raise click.ClickException(f"{file}: {fault}") from fault


def _declared(file: str) -> Declaration:
    try:
        with open(file, "rb", opener=_open_at_once) as content:
            return read(content.read(MAX_FILE + 1))
    except OSError as fault:
        raise click.ClickException(f"{file} can't be read: {fault.strerror}") from fault


def _open_at_once(path: str, flags: int) -> int:
    """Opened without waiting for one who writes: a named pipe that has none is empty; others may be read (`<(…)`)."""
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)
    os.set_blocking(descriptor, True)
    return descriptor
