"""A person's `config.toml`, and what the daemon tells of what became of it."""

from __future__ import annotations

import json
from typing import Any

from support.house import House
from support.waiting import until


def configure(house: House, text: str) -> None:
    """Write `config.toml` as a person does: a new text in the same place."""
    path = house.config / "config.toml"
    path.write_text(text)
    path.chmod(0o600)


def status(house: House, name: str = "acme") -> dict[str, Any]:
    """What `status --json` tells of a product."""
    shown = house.daybeat("status", name, "--json")
    assert shown.returncode == 0, shown.stderr
    found: dict[str, Any] = json.loads(shown.stdout)["products"][name]
    return found


def stream(house: House, kind: str, name: str = "acme") -> dict[str, Any]:
    """The one stream of a product whose destination begins with `kind`."""
    (found,) = [each for each in status(house, name)["streams"] if each["destination"].split()[0] == kind]
    return dict(found)


def history(house: House, name: str = "acme") -> list[dict[str, Any]]:
    """What `history --json` tells, heartbeats alone."""
    shown = house.daybeat("history", name, "--json")
    assert shown.returncode == 0, shown.stderr
    return [entry for entry in json.loads(shown.stdout) if entry["kind"] == "heartbeat"]


def await_counted(house: House, n: int, name: str = "acme") -> None:
    """Wait until so many were counted of a product, whatever its sink."""

    def counted() -> bool:
        shown = house.daybeat("status", name, "--json")
        if shown.returncode != 0:
            return False
        streams = json.loads(shown.stdout)["products"][name]["streams"]
        return sum(sum(each["counters"].values()) for each in streams) == n

    until(counted, f"{name} should have counted {n}")
