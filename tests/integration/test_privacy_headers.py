"""The headers that really leave, against those that docs/privacy.md names, in both directions."""

from __future__ import annotations

from support.collector import Collector
from support.house import House
from support.privacy_page import headers_on_page
from support.products import product
from support.waiting import until


def test_the_page_names_every_header_that_is_sent_and_no_other(house: House, collector: Collector) -> None:
    address = collector.url.replace("http://", "http://somebody:password@")
    sinks = {
        "acme": f"daybeat.https_json({collector.url!r})",
        "bacme": f"daybeat.posthog('phc_key', host={collector.url!r})",
        "cacme": f"daybeat.otlp({collector.url!r})",
        "dacme": f"daybeat.https_json({address!r})",
    }
    house.start_daemon()
    for name, sink in sinks.items():
        # Enough names that a body is worth compressing.
        many = "for i in range(100):\n    telemetry.count(f'feature.search.v{i % 10}.run{i // 10}')\n"
        house.run_client(product(name, sink) + many)
        until(lambda: house.daybeat("preview", name).stdout, f"{name} holds something")  # noqa: B023 - called at once
        house.send(name)
    until(lambda: len(collector.requests) >= 2 * len(sinks), "a first run and a heartbeat of each")
    sent = {header.lower() for request in collector.requests for header in request.headers}
    assert sent == {header.lower() for header in headers_on_page()}


def test_a_products_own_headers_are_fixed_values(house: House, collector: Collector) -> None:
    house.start_daemon()
    sink = f"daybeat.https_json({collector.url!r}, headers={{'X-Acme': 'fixed'}})"
    house.run_client(product("acme", sink) + "telemetry.count('cli.run')\n")
    house.await_counters({"cli.run": 1})
    house.send("acme")
    assert {request.headers["x-acme"] for request in collector.requests} == {"fixed"}
