"""Bodies to `https_json` are compressed when the last answer allowed it, and only then."""

from __future__ import annotations

import gzip

from support.collector import Answer, Collector
from support.house import House
from support.products import acme, https_json
from support.settings import await_counted, history, stream


def test_a_body_is_compressed_after_an_answer_that_allows_it(house: House, collector: Collector) -> None:
    allowing = Answer(headers=(("Accept-Encoding", "br, gzip;q=0.5"),))
    collector.answer(then=allowing)
    daemon = house.start_daemon()
    many = "".join(f"telemetry.count('feature.number{n}')\n" for n in range(20)) + "assert telemetry.flush(10)\n"
    house.run_client(acme(https_json(collector.url), declare=[f"feature.number{n}" for n in range(20)]) + many)
    collector.await_events(1, "first_run")
    await_counted(house, 20)
    assert stream(house, "https_json")["outgoing"] == "gzip"
    daemon.stop()
    house.start_daemon()  # it is remembered
    collector.answer(then=Answer())
    tried = [house.daybeat("send", "--dry-run", "acme", "--sink", kind).stderr for kind in ("https_json", "file")]
    assert [said.split()[-1] for said in tried] == ["gzip", "identity"]
    house.send("acme")
    request = collector.requests[-1]
    assert request.headers["content-encoding"] == "gzip"
    assert history(house)[-1]["body"] == gzip.decompress(request.body).decode()
    house.run_client(acme(https_json(collector.url), declare=[f"feature.number{n}" for n in range(20)]) + many)
    await_counted(house, 20)
    house.send("acme")  # the last answer did not allow it
    assert "content-encoding" not in collector.requests[-1].headers
