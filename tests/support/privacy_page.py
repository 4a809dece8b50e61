"""docs/privacy.md as the tables it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from support.environment import REPOSITORY

PAGE = REPOSITORY / "docs" / "privacy.md"


def fields_on_page(sink: str) -> set[str]:
    """The fields that the page names for the bodies of one sink. `file` says that it is as `https_json`."""
    if sink == "file":
        assert "as `https_json`" in _section("`file`")
        sink = "https_json"
    found = set(_rows(f"`{sink}`"))
    document = {_flat(field) if sink == "posthog" else f"events[].{field}" for field in _rows("The heartbeat")}
    if sink == "otlp":
        return found
    if sink == "posthog":
        return found | {field for field in document if field}
    return found | document


def headers_on_page() -> set[str]:
    return set(_rows("Headers"))


def _flat(field: str) -> str:
    """A field of the heartbeat as PostHog's flat properties have it; "" for one that has a place of its own there."""
    if field in ("event_type", "beat_id", "install_id", "timestamp"):
        return ""
    for part in ("system.", "counters.", "distributions."):
        field = field.removeprefix(part)
    return f"batch[].properties.{field}"


def _rows(heading: str) -> Iterator[str]:
    """The first cells of the tables under a heading. Several names in one cell are several fields."""
    for line in _section(heading).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or set(cells[0]) <= {"-", ":"} or not cells[0].startswith("`"):
            continue
        assert len(cells) == 3, f"a row has a field, a reason and an example: {line}"
        assert all(cells), f"an empty cell: {line}"
        names = re.findall(r"`([^`]+)`", cells[0])
        assert ", ".join(f"`{name}`" for name in names) == cells[0], line
        yield from names


def _section(heading: str) -> str:
    """The text under a heading of the page, to the next one."""
    text = PAGE.read_text("utf-8")
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/privacy.md has no heading {heading!r}"
    return found[1]


