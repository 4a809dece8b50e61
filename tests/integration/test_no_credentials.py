"""No credential of a sink in `status`, `export`, logs or the process list, whatever happens to its requests.

Each place that can hold one does: keys, headers, the userinfo and the query of addresses, the proxy's password; those
of the product and those of the person. What may not show them is read while attempts are under way, and after they
succeeded, failed, were refused, and repeated to us by the receiver. (`preview` and `history` show exact bodies, and so
the key that PostHog wants in its body.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.collector import Answer, Collector
from support.house import House
from support.processes import marked
from support.products import acme, https_json
from support.settings import configure, status
from support.waiting import until

SECRET = "hush-4711"
COUNT = "telemetry.count('feature.search')\nassert telemetry.flush(10)\n"


def _with_secrets(url: str) -> str:
    return url.replace("://", f"://user:{SECRET}@") + f"?key={SECRET}"


def _own(url: str, **settings: object) -> str:
    return https_json(_with_secrets(url), headers={"X-Key": SECRET}, **settings)


def _process_list(house: House) -> list[str]:
    """Arguments and environment of every process of the house, as `ps axe` shows them."""
    found = []
    for pid in list(marked(house.root)):
        for name in ("cmdline", "environ"):
            try:
                found.append(Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace"))
            except OSError:  # it ended
                continue
    return found


def _assert_hidden(house: House, log: str) -> None:
    said = {"log": log, "processes": "\n".join(_process_list(house))}
    for command in (("status",), ("status", "--json"), ("status", "acme"), ("export",), ("export", "acme")):
        shown = house.daybeat(*command)
        assert shown.returncode == 0, shown.stderr
        said[" ".join(command)] = shown.stdout + shown.stderr
    assert [name for name, text in said.items() if SECRET in text] == []


@contextmanager
def _busy(collector: Collector) -> Iterator[None]:
    """The receiver takes its time, so that a courier with all it was given lives meanwhile."""
    collector.answer(then=Answer(delay=60))
    yield
    collector.answer()


@pytest.mark.parametrize("code", [200, 401, 410, 503])
def test_the_product_s_own(house: House, collector: Collector, code: int) -> None:
    repeating = Answer(code, (("X-Echo", SECRET), ("Retry-After", SECRET)), body=SECRET.encode())
    collector.answer(then=repeating)
    daemon = house.start_daemon("--log-level", "debug")
    # From a file: the client's own command line is its own affair.
    client = house.script(acme(_own(collector.url, retry_attempts=0)) + COUNT)
    assert house.python(str(client)).returncode == 0
    house.daybeat("send", "acme")
    assert SECRET in collector.requests[-1].path + collector.requests[-1].headers["x-key"]
    _assert_hidden(house, daemon.log)


@pytest.mark.parametrize("kind", ["posthog", "otlp"])
def test_those_of_the_other_sinks(house: House, collector: Collector, kind: str) -> None:
    sink = {
        "posthog": f"daybeat.posthog({SECRET!r}, host={collector.url!r})",
        "otlp": f"daybeat.otlp({_with_secrets(collector.url)!r}, headers={{'Authorization': {SECRET!r}}})",
    }[kind]
    answer = Answer(body=b"\x0a\x0d\x08\x02\x12\x09" + SECRET.encode()) if kind == "otlp" else Answer()
    collector.answer(Answer(), answer, then=Answer(503))
    daemon = house.start_daemon("--log-level", "debug")
    client = house.script(acme(sink) + COUNT)
    assert house.python(str(client)).returncode == 0
    until(lambda: collector.requests and not status(house)["outbox"], "the first run did not go")
    house.send("acme")
    if kind == "otlp":
        history = house.daybeat("history", "acme")
        assert "2 data points were rejected: <key>" in history.stdout
    assert house.python(str(client)).returncode == 0
    house.launch("-m", "daybeatd.cli", "send", "acme")  # its retries take their time
    until(lambda: len(collector.requests) > 2, "no attempt came")
    _assert_hidden(house, daemon.log)


def test_those_of_the_person_while_a_courier_holds_them(house: House, collector: Collector) -> None:
    configure(
        house,
        f'proxy = "http://user:{SECRET}@127.0.0.1:9"\n'
        f'[products.acme]\nsink = "https_json"\nendpoint = "{_with_secrets(collector.url)}"\n'
        f'headers = {{ Authorization = "Bearer {SECRET}" }}\n'
        f'[products.other]\nsink = "{SECRET}"\nkey = "{SECRET}"\n',
    )
    daemon = house.start_daemon("--log-level", "debug")
    with _busy(collector):
        client = house.script(acme() + COUNT)
        assert house.python(str(client)).returncode == 0
        until(lambda: collector.requests, "no attempt came")
        assert len(_process_list(house)) >= 4  # the daemon's and the courier's
        _assert_hidden(house, daemon.log)
    assert SECRET in collector.requests[0].headers["authorization"]
    assert SECRET not in house.daybeat("config", "check").stdout


def test_a_key_that_the_person_took_away_is_still_not_exported(house: House, collector: Collector) -> None:
    """What was sent under it is in the history, and its body holds it."""
    configure(house, f'[products.acme]\nsink = "posthog"\nkey = "{SECRET}"\nendpoint = "{collector.url}"\n')
    daemon = house.start_daemon()
    client = house.script(acme() + COUNT)
    assert house.python(str(client)).returncode == 0
    house.send("acme")
    assert SECRET in house.daybeat("history", "acme").stdout
    configure(house, "")
    _assert_hidden(house, daemon.log)
