"""The client's words: at DEBUG under `daybeat`, and only in a host that has loaded logging by itself."""

from __future__ import annotations

from support.house import House
from support.outcomes import assert_silent
from support.products import acme

EVENTS = "telemetry.count('feature.search')\ntelemetry.flush(20)\ntelemetry.close()\n"
SEEN = """
import logging
seen = []
class Seen(logging.Handler):
    def emit(self, record):
        seen.append((record.name, record.levelno, record.getMessage()))
logging.getLogger().addHandler(Seen())
logging.getLogger().setLevel(logging.DEBUG)
"""


def test_a_host_without_logging_stays_without(house: House) -> None:
    house.start_daemon()
    assert_silent(house.run_client(acme() + EVENTS + "import sys\nassert 'logging' not in sys.modules\n"))


def test_a_host_that_logs_at_debug_reads_why(house: House) -> None:
    code = SEEN + acme() + EVENTS + "assert seen and all(each[:2] == ('daybeat', 10) for each in seen), seen\n"
    why = "assert any('acme' in each[2] and telemetry.reason for each in seen), seen\n"
    assert_silent(house.run_client(code + why))


def test_what_was_refused_is_in_no_log(house: House) -> None:
    """A declaration may hold what a user typed, if by mistake: `.reason` is for its author, a log for many."""
    code = """
import logging, daybeat
logging.basicConfig(level=logging.DEBUG, filename="log")
typed = "Jane Zorblatt"
refused = {"product": typed, "declare": [typed], "tags": {typed: [typed]}, "errors": [typed], "consent": typed}
for argument, given in refused.items():
    assert daybeat.Telemetry(**{"product": "acme", argument: given}).mode == "off"
"""
    assert_silent(house.run_client(code))
    log = (house.root / "log").read_text()
    assert log.count("DEBUG:daybeat:") == 5
    assert "Zorblatt" not in log


def test_a_product_that_cannot_be_shown_is_shown_as_none(house: House) -> None:
    code = """
import logging, daybeat
logging.basicConfig(level=logging.DEBUG, filename="log")
class Product(str):
    def __str__(self):
        raise ValueError
class Object:
    __class__ = property(lambda self: 1 / 0)
    def __str__(self):
        raise ValueError
for each in (Product("acme"), Object()):
    assert daybeat.Telemetry(each).mode == "off"
"""
    assert_silent(house.run_client(code))
    assert (house.root / "log").read_text().count("DEBUG:daybeat:") == 2


def test_a_handler_that_fails_or_counts_is_no_matter(house: House) -> None:
    house.start_daemon()
    handlers = """
import logging
class Odd(logging.Handler):
    def emit(self, record):
        if "telemetry" in globals():
            telemetry.count("feature.logged")
        raise RuntimeError("a handler of the host's")
    def handleError(self, record):
        raise RuntimeError("of the host's")
logging.getLogger("daybeat").addHandler(Odd())
logging.getLogger("daybeat").setLevel(logging.DEBUG)
"""
    assert_silent(house.run_client(handlers + acme() + acme() + EVENTS))
    house.settle()
    assert house.held()["feature.search"] == 1


def test_there_is_a_null_handler(house: House) -> None:
    code = "import logging\n" + acme() + EVENTS
    check = "assert any(type(h) is logging.NullHandler for h in logging.getLogger('daybeat').handlers)\n"
    assert_silent(house.run_client(code + check))
