"""`daybeat config`: the person's own settings, begun from a sample and checked."""

from __future__ import annotations

import os
import sys

import click

from daybeat.endpoint import Endpoint, locate
from daybeatd import settings

SAMPLE = """\
# daybeat's settings: what leaves this machine, when and by which way. Nothing in here gives consent:
# that is `daybeat on`, `daybeat local` and `daybeat off`. The daemon notices a change by itself.
# `daybeat config check` tells what is wrong in here.

# Send nothing, of any product. The numbers stay here.
#send = false

# The way out: a proxy, else what the environment names; a file of certificate authorities (PEM) to believe
# instead of the system's.
#proxy = "http://proxy.example:3128"
#ca = "/etc/ssl/certs/company.pem"

# No attempt by itself in these hours of local time. `daybeat send` is yours and does not wait.
#quiet_hours = "22:00-07:00"

# One product, by its name in `daybeat status`: `sink` leads its heartbeats elsewhere. Numbers that were counted
# for one place never go to another. `endpoint` is an address (for file: an absolute path).
#[products.acme]
#send = false
#sink = "none"

#[products.acme]
#sink = "https_json"
#endpoint = "https://telemetry.example/v1"
#headers = { Authorization = "Bearer ..." }

#[products.acme]
#sink = "otlp"
#endpoint = "https://collector.example:4318/v1/metrics"
#headers = { Authorization = "Bearer ..." }

#[products.acme]
#sink = "posthog"
#endpoint = "https://eu.i.posthog.com"
#key = "phc_..."

#[products.acme]
#sink = "file"
#endpoint = "/home/me/acme-heartbeats.jsonl"
"""


def _place() -> Endpoint:
    place = locate(os.environ, sys.platform, os.geteuid())
    if place.fault:
        raise click.ClickException(place.fault)
    return place


@click.group(no_args_is_help=False)
def config() -> None:
    """Begin or check your own settings, config.toml.

    Another place for a product's heartbeats, or none; a proxy; quiet hours; nothing sent at all.
    """


@config.command()
def init() -> None:
    """Write a sample in which every setting is commented. A file that is there is left as it is."""
    path = _place().settings
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{path} exists and is left as it is; edit it, or move it away first") from None
    except OSError as error:
        raise click.ClickException(f"{path} can't be written: {error.strerror}") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(SAMPLE)
    click.echo(path)


@config.command()
def check() -> None:
    """Tell what is wrong in the settings.

    One line a fault; ends with 1 if there is any.
    """
    path = _place().settings
    _, faults = settings.read(path)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException("1 fault" if len(faults) == 1 else f"{len(faults)} faults")
    told = "has no fault" if os.path.exists(path) else "does not exist: every setting is at its default"
    click.echo(f"{path} {told}")
