"""`daybeat count`: one event from a shell script, under the policy that the product itself declared."""

from __future__ import annotations

from support.collector import Collector
from support.house import House
from support.outcomes import assert_one_line_error
from support.products import acme, https_json


def _known(house: House, collector: Collector) -> None:
    """A product that the daemon knows, and that the person has chosen to have on."""
    assert house.daybeat("on", "acme").returncode == 0
    house.start_daemon()
    house.run_client(acme(https_json(collector.url)) + "telemetry.count('feature.search')")
    house.await_counters({"feature.search": 1})


def test_it_is_counted_with_the_products_own_events(house: House, collector: Collector) -> None:
    _known(house, collector)
    once, thrice = (house.daybeat("count", "acme", "feature.search", *number) for number in ([], ["3"]))
    assert (once.returncode, once.stderr) == (thrice.returncode, thrice.stderr) == (0, "")
    house.await_counters({"feature.search": 5})
    house.send("acme")
    assert [beat["counters"] for beat in collector.events("heartbeat")] == [{"feature.search": 5}]


def test_a_name_that_the_product_did_not_declare_is_dropped(house: House, collector: Collector) -> None:
    _known(house, collector)
    house.daybeat("count", "acme", "secret.name")
    house.settle()
    assert house.held() == {"feature.search": 1}


def test_it_respects_the_choice(house: House, collector: Collector) -> None:
    _known(house, collector)
    assert house.daybeat("off", "acme").returncode == 0
    house.daybeat("count", "acme", "feature.search")
    house.settle()
    assert house.held() == {}
    assert house.daybeat("count", "acme", "feature.search", DO_NOT_TRACK="1").returncode == 0


def test_without_a_daemon_it_has_counted_nothing_and_says_so(house: House) -> None:
    done = house.daybeat("count", "acme", "feature.search")
    assert (done.returncode, done.stdout) == (3, "")
    assert_one_line_error(done)


def test_what_is_no_name_is_not_repeated(house: House) -> None:
    for arguments in (["acme", "feature.Jane Zorblatt"], ["Jane Zorblatt", "feature.search"]):
        done = house.daybeat("count", *arguments)
        assert done.returncode == 2
        assert "Zorblatt" not in done.stdout + done.stderr
        assert_one_line_error(done)
