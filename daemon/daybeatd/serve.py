"""The command `daybeatd`: runs the daemon in the foreground."""

from __future__ import annotations

import logging
import os
import sys

import click

from daybeat import __version__
from daybeat.endpoint import locate
from daybeatd.app import App
from daybeatd.directories import DirectoryError
from daybeatd.locks import AlreadyRunningError

LEVELS = ("debug", "info", "warning", "error")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--idle-exit", type=click.FloatRange(min=0), metavar="SECONDS", help="Leave after this long without clients."
)
@click.option("--log-level", type=click.Choice(LEVELS), default="info", show_default=True, help="What goes to stderr.")
@click.version_option(__version__, prog_name="daybeatd")
def command(idle_exit: float | None, log_level: str) -> None:
    """Run the telemetry daemon of this user in the foreground, until SIGTERM or Ctrl-C.

    Programs report to it, it adds up, and sends one heartbeat a day for each product that you let. See what it holds
    with `daybeat status`, and what would leave with `daybeat preview`.
    """
    logging.basicConfig(stream=sys.stderr, level=log_level.upper(), format="daybeatd: %(levelname)s: %(message)s")
    os.umask(0o077)
    place = locate(os.environ, sys.platform, os.geteuid())
    if place.fault:
        raise click.ClickException(place.fault)
    try:
        app = App(place, idle_exit)
    except (AlreadyRunningError, DirectoryError) as fault:
        raise click.ClickException(str(fault)) from fault
    except OSError as fault:
        raise click.ClickException(f"{fault.filename or place.runtime} can't be used: {fault.strerror}") from fault
    try:
        app.run()
    finally:
        app.close()


def main() -> int:
    """The exit code: 0 when told to stop, 1 for a fault, 2 for wrong use."""
    try:
        command.main(prog_name="daybeatd", standalone_mode=False)
    except click.ClickException as fault:
        click.echo(f"daybeatd: {fault.format_message()}", err=True)
        return fault.exit_code
    except click.Abort:
        return 1
    return 0
