"""The person's tool: what the daemon holds, what would leave, and the choice."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

if __name__ == "__main__":  # by the package's way in, which says which extra is missing
    from daybeatd import daybeat

    sys.exit(daybeat())

import click

from daybeat import __version__, wire
from daybeat.consent import ALL, CHOICES
from daybeat.endpoint import Endpoint, locate
from daybeat.policy import is_name, is_product
from daybeatd import checks, choices, report
from daybeatd.control import ControlError, NoDaemonError, ask
from daybeatd.settings_commands import config
from daybeatd.sinks import FORMS

#: Seconds for which `send` waits: the longest round of attempts that a policy of default retries makes.
SEND_TIMEOUT = 120.0

#: What becomes of a heartbeat or of events that were not delivered, by their state.
AFTERWARDS = {
    "waiting": "kept, and tried again later",
    "held": "kept, and sent when it may be",
    "refused": "kept here, and not tried again",
    "ended": "kept here, and not tried again",
    "discarded": "not kept",
}


class FailedError(click.ClickException):
    """What was asked for could not be done; exit code 1."""


class NoDaemonFoundError(click.ClickException):
    exit_code = 3


def _place() -> Endpoint:
    place = locate(os.environ, sys.platform, os.geteuid())
    if place.fault:
        raise FailedError(place.fault)
    return place


def _ask(do: str, product: str | None, timeout: float = 30.0, **more: str) -> dict[str, Any]:
    try:
        answer = ask(_place().control, {"do": do, "product": product or "", **more}, timeout)
    except NoDaemonError as fault:
        raise NoDaemonFoundError(str(fault)) from fault
    except ControlError as fault:
        raise FailedError(str(fault)) from fault
    if "error" in answer:
        raise FailedError(str(answer["error"]))
    return answer


def _tell(answer: Any, as_report: Callable[[Any], None], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, indent=2))
    else:
        as_report(answer)


class ProductName(click.ParamType[str]):
    name = "product"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value == ALL:
            self.fail(f"{ALL!r} is no product's name; for all products, leave the name out", param, ctx)
        if not is_product(value):
            self.fail("a product's name is [a-z][a-z0-9_-]{0,31}", param, ctx)
        return value


_optional_product = click.argument("product", type=ProductName(), required=False)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@click.group(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="daybeat")
def command() -> None:
    """See and steer the telemetry of the programs that you run.

    Programs report counts to one daemon of yours. It sends one heartbeat a day for each product, if you let it, and
    nothing that the product did not declare.

    \b
      daybeat status          what is held, and why
      daybeat preview acme    the exact bytes that would be sent now
      daybeat history acme    the exact bytes that were sent
      daybeat off             nothing at all, for every product
    """


@command.command()
@_optional_product
@_as_json
def status(product: str | None, as_json: bool) -> None:
    """Show what the daemon holds of each product, and why.

    Consent and its reason, pending numbers, what was dropped, and the next heartbeat.
    """
    _tell(_ask("status", product), report.status, as_json=as_json)


@command.command()
@_optional_product
def preview(product: str | None) -> None:
    """Print the exact body that would be sent now, and nothing else.

    Sending it right afterwards changes its time and the end of its window alone.

    A product whose numbers are bound for several places has a body for each, and so has each product where none is
    named: one a line. A body for OpenTelemetry is no text; it is shown decoded, over several lines.
    """
    answer = _ask("preview", product)
    bodies = answer["bodies"]
    for body in bodies:
        click.echo(body.rstrip("\n"))
    for why in answer["why"]:
        click.echo(why, err=True)
    if not bodies and not answer["why"]:
        click.echo("nothing to send: no process has reported since the last heartbeat", err=True)


@command.command()
@_optional_product
@_as_json
def history(product: str | None, as_json: bool) -> None:
    """Show what was sent in the last 90 days.

    When, the answer, and the exact body.
    """
    _tell(_ask("history", product)["entries"], report.history, as_json=as_json)


@command.command()
@_optional_product
@click.option("--dry-run", is_flag=True, help="Send nothing: print what would go, decoded.")
@click.option("--sink", type=click.Choice(sorted(FORMS)), help="With --dry-run: as a sink of this kind would get it.")
def send(product: str | None, dry_run: bool, sink: str | None) -> None:
    """Send the heartbeat, or the events that wait, now.

    Waits for the answer and prints it.
    """
    if sink is not None and not dry_run:
        raise click.UsageError("--sink needs --dry-run: to send elsewhere is for config.toml to say")
    if dry_run:
        _dry_run(product, sink or "own")
        return
    answer = _ask("send", product, SEND_TIMEOUT)
    outcomes = answer["outcomes"]
    for why in answer["why"]:
        click.echo(why, err=True)
    if not outcomes:
        click.echo("nothing to send")
        return
    for outcome in outcomes:
        click.echo(f"{outcome['product']}: {outcome['kind']} {outcome['beat_id']}: {outcome['words']}")
    failed = [outcome for outcome in outcomes if outcome["state"] != "delivered"]
    if failed:
        states = {outcome["state"] for outcome in failed}
        what = next((words for state, words in AFTERWARDS.items() if state in states), failed[0]["words"])
        raise FailedError(f"{len(failed)} of {len(outcomes)} not delivered; {what}")


def _dry_run(product: str | None, sink: str) -> None:
    tried = _ask("preview", product, sink=sink)["tried"]
    for each in tried:
        if each["missing"]:
            raise FailedError(f"{each['product']}: {each['missing']}")
        size = f"{each['bytes']} bytes, {each['encoding']}"
        click.echo(f"{each['product']}: to {each['destination']}: {size}", err=True)
        click.echo(each["body"].rstrip("\n"))
    if not tried:
        click.echo("nothing to send", err=True)


@command.command()
@_optional_product
def export(product: str | None) -> None:
    """Print everything that is held, as JSON.

    Pending numbers, what waits, what was sent, your choices.
    """
    click.echo(json.dumps(_ask("export", product)["products"], indent=2))


@command.command()
@_optional_product
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(product: str | None, yes: bool) -> None:
    """Erase everything that is held of PRODUCT, or of all.

    What is counted from then on has another install id.
    """
    if not yes and sys.stdin.isatty():
        click.confirm(f"Erase all numbers, history and ids of {product or 'all products'}?", abort=True, err=True)
    for told in _ask("forget", product)["forgotten"]:
        click.echo(f"{told['product']}: forgotten here, with a new install id")
        places = [kind for kind in told["sinks"] if kind not in ("local", "none")]
        if places:
            click.echo(
                f"  what was sent can't be deleted from here ({', '.join(places)}); ask the product's vendor to "
                f"delete install id {told['install_id']}"
            )


def _choose(choice: str, product: str | None) -> None:
    place = _place()
    try:
        choices.write(place, product or ALL, choice)
    except OSError as fault:
        raise FailedError(f"{place.consent(product or ALL)} can't be written: {fault.strerror}") from fault
    click.echo(f"{product or 'all products'}: {choice}")
    try:
        answer = ask(place.control, {"do": "look", "product": product or ""}, 30.0)
    except NoDaemonError:
        return  # whoever starts next reads the choice
    except ControlError as fault:
        raise FailedError(f"recorded, but the daemon did not take note: {fault}") from fault
    for name, processes in answer.get("kept_on", {}).items():
        for pid, process in processes.items():
            click.echo(f"{name} is kept on by the environment of process {pid} ({process})", err=True)


def _choice_command(choice: str, words: str) -> None:
    @command.command(choice, help=words)
    @_optional_product
    def choose(product: str | None) -> None:
        _choose(choice, product)


for _choice, _words in zip(
    CHOICES,
    (
        "Collect, and send one heartbeat a day: for PRODUCT, or for all.",
        "Collect for your own eyes, never send: for PRODUCT, or for all.",
        "Nothing at all: for PRODUCT, or for all. What is held and unsent is deleted at once.",
    ),
    strict=True,
):
    _choice_command(_choice, _words)


@command.command()
@click.argument("product", type=ProductName())
@click.argument("name")
@click.argument("n", type=click.IntRange(1, wire.MAX_COUNT), default=1)
def count(product: str, name: str, n: int) -> None:
    """Count one event from a shell script.

    N more of NAME, a name that PRODUCT declares.
    """
    if not is_name(name):  # it is not repeated: what a script puts here may be anything, and ends in a log
        raise click.BadParameter("a name is dotted lower-case segments of [a-z0-9_-]", param_hint="NAME")
    from daybeatd.shell import count_once

    fault = count_once(product, name, n, _ask("policy", product)["packed"])
    if fault:
        raise FailedError(fault)


for _more in (checks.lint, checks.docs, checks.doctor, checks.demo, config):
    command.add_command(_more)


def main() -> int:
    """The exit code: 0 done, 1 it failed, 2 wrong use, 3 no daemon is running."""
    try:
        command.main(prog_name="daybeat", standalone_mode=False)
    except click.UsageError as fault:
        where = fault.ctx.command_path if fault.ctx is not None else "daybeat"
        click.echo(f"daybeat: {fault.format_message()} (see: {where} --help)", err=True)
        return 2
    except click.ClickException as fault:
        click.echo(f"daybeat: {fault.format_message()}", err=True)
        return fault.exit_code
    except click.Abort:
        return 1
    except SystemExit:
        # So click and rich end when whoever read has enough, as `head` does; nothing else here raises it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python tries again at its end
        click.echo(f"daybeat: the output can't be written: {fault.strerror}", err=True)
        return 1
    return 0
