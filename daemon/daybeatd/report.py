"""What the daemon told, as a person reads it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def _console() -> Console:
    """A console that prints texts as they stand: what products and receivers say is no markup."""
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False)


def status(answer: dict[str, Any]) -> None:
    console = _console()
    daemon = answer["daemon"]
    console.print(
        f"daybeatd {daemon['version']} runs (pid {daemon['pid']}, {daemon['memory'] / 2**20:.0f} MiB, "
        f"{daemon['connections']} clients connected)"
    )
    if daemon["store"] != "ok":
        console.print(f"the database can't be written: {daemon['store']}", style="red")
    if daemon.get("ingest", "ok") != "ok":
        console.print(f"nobody can report: {daemon['ingest']}", style="red")
    for fault in [*daemon["settings"], *daemon.get("choices", ())]:
        console.print(fault, style="red")
    if daemon["set_aside"]:
        console.print(daemon["set_aside"], style="yellow")
    for name in daemon.get("turned_away", ()):
        console.print(f"there is no place for {name} among the products: see daybeat doctor", style="red")
    for name in daemon.get("crowded", ()):
        console.print(f"{name} holds more than its share of a memory that is full: see daybeat doctor", style="yellow")
    if not answer["products"]:
        console.print("no product has reported yet")
    for name, product in answer["products"].items():
        _product(console, name, product)


def _product(console: Console, name: str, product: dict[str, Any]) -> None:
    consent = product["consent"]
    console.print(Text.assemble("\n", (name, "bold"), f" {product['version']}: {consent['mode']}, {consent['reason']}"))
    for pid in product["kept_on"]:
        console.print(f"  process {pid} is kept on by its own environment", style="yellow")
    for stream in product["streams"]:
        _stream(console, stream)
    for parcel in product["outbox"]:
        said = parcel["words"] or "not tried yet"
        console.print(
            f"  {parcel['state']}: {parcel['kind']} {parcel['beat_id']}, {parcel['attempts']} attempts: {said}",
        )


def _stream(console: Console, stream: dict[str, Any]) -> None:
    wait = stream["next_heartbeat_in"]
    when = f"next heartbeat in {_duration(wait)}" if wait is not None else f"not sent: {stream['held']}"
    fleet = stream["fleet"]
    seen = f"{fleet['processes']} processes, {fleet['peak']} at once"
    console.print(f"  to {stream['destination']}: {when}; {seen}")
    if stream["last_answer"]:
        console.print(f"    last answer: {stream['last_answer']}")
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, n in [*stream["counters"].items(), *stream["errors"].items()]:
        table.add_row("   ", name, f"{n:,}")
    for name, found in stream["distributions"].items():
        table.add_row("   ", name, f"{found['count']:,} values, p50 {found['p50']:g} {found['unit']}")
    if table.row_count:
        console.print(table)
    dropped = ", ".join(f"{n:,} {reason}" for reason, n in stream["dropped"].items() if n)
    if dropped:
        console.print(f"    dropped: {dropped}")


def history(entries: list[dict[str, Any]]) -> None:
    console = _console()
    if not entries:
        console.print("nothing was sent yet")
    for entry in entries:
        at = datetime.fromtimestamp(entry["at"], UTC).astimezone()
        line = f"{at:%Y-%m-%d %H:%M:%S %z} {entry['product']} {entry['kind']} to {entry['destination']}"
        console.print(line)
        console.print(f"  {entry['answer']}")
        console.print(entry["body"].rstrip("\n"))


def _duration(seconds: float) -> str:
    hours, minutes = int(seconds // 3600), int(seconds % 3600 // 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
