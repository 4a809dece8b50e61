"""The commands that need no daemon and change nothing: `lint`, `docs`, `doctor` and `demo`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime

import click

from daybeat.endpoint import locate

_declaration = click.argument("file", type=click.Path(exists=True, dir_okay=False))
_on = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Judge what expires for this day; default: today."
)


def _day(on: datetime | None) -> date:
    return (on or datetime.now(UTC)).date()


@click.command()
@_declaration
@_on
def lint(file: str, on: datetime | None) -> None:
    """Find the faults of a product's declaration.

    For its authors: a TOML file (docs/declaring.md). Needs no daemon.

    Prints one line a fault, as FILE:LINE: MESSAGE, and ends with 1 if there are any. Refused are: what
    Telemetry.from_file would not take, metrics without a description, risky names and tag values, units that would
    not be kept, metrics that have expired, and open wildcards that nobody reviewed.

    \b
      daybeat lint telemetry.toml
      daybeat lint --on 2027-01-01 telemetry.toml      what will have expired by then
    """
    from daybeatd.declarations import show_findings

    show_findings(file, _day(on))


@click.command()
@_declaration
@_on
def docs(file: str, on: datetime | None) -> None:
    """Print a declaration as a table for a privacy page.

    In Markdown, for the product's users. Needs no daemon.

    \b
      daybeat docs telemetry.toml > privacy-table.md

    What has expired is left out. The format of the declaration is in docs/declaring.md.
    """
    from daybeatd.declarations import show_table

    show_table(file, _day(on))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def doctor(as_json: bool) -> None:
    """Look for what is wrong, and say how to mend it.

    Looks at directories, sockets, the daemon, choices, products and sinks. Needs no daemon and changes nothing. Ends
    with 1 if something is wrong; what is merely worth knowing is no fault.

    \b
      daybeat doctor            for people
      daybeat doctor --json     [{"level": "fault", "what": ..., "mend": ...}, ...]
    """
    from daybeatd.doctor import show

    if not show(locate(os.environ, sys.platform, os.geteuid()), as_json=as_json):
        raise click.ClickException("something is wrong; see above")


@click.command()
@click.option("--processes", type=click.IntRange(1, 512), default=32, show_default=True, help="Long-lived clients.")
@click.option("--events", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="Events of each.")
@click.option(
    "--short-lived", type=click.IntRange(0, 10_000), default=200, show_default=True, help="Clients of one event."
)
def demo(processes: int, events: int, short_lived: int) -> None:
    """Show it all for real, in a temporary directory.

    Starts a daemon, a fleet of processes and a collector, and sends one heartbeat. Prints the exact body that the
    collector got, and checks every total against what the processes counted.
    Nothing leaves this machine, and your own daemon and its numbers are not touched.
    """
    from daybeatd import demonstration

    faults = demonstration.run(processes, events, short_lived)
    if faults:
        raise click.ClickException("; ".join(faults))
