"""When batches go out, what follows from each answer, and what happens at the end."""

from __future__ import annotations

import itertools
import re
import signal

from support.collector import Answer, Collector
from support.house import House
from support.mycelium import arrived, await_events, client
from support.settings import stream
from support.waiting import DEADLINE, until

USE = "client.track_agent_usage('a', 'discover')\n"


def test_a_batch_goes_out_when_it_is_full_across_processes(house: House, collector: Collector) -> None:
    house.start_daemon()
    code = client(collector, batch_size=10) + "for _ in range(4): client.track_agent_usage('a', 'discover')\n"
    house.run_client(code)
    house.settle()
    assert collector.requests == []
    house.run_client(code)
    await_events(collector, "agent_usage", 8)
    (request,) = collector.requests
    assert len(request.events) == 10


def test_a_batch_goes_out_after_half_a_minute(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(client(collector, batch_size=100) + USE)
    until(lambda: arrived(collector, "agent_usage"), "a batch that was not full", deadline=60)


def test_a_fault_of_the_server_is_tried_again_with_the_same_bytes(house: House, collector: Collector) -> None:
    collector.answer(Answer(503), Answer(hang_up=True), Answer(500))
    house.start_daemon()
    house.run_client(client(collector, batch_size=2, retry_backoff=1.0) + USE)
    until(lambda: len(collector.requests) == 4, lambda: str(collector.requests))
    assert len({request.body for request in collector.requests}) == 1
    times = [request.at for request in collector.requests]
    assert all(later - earlier >= 0.9 for earlier, later in itertools.pairwise(times))


def test_after_the_last_try_it_is_discarded_and_logged_and_later_ones_go_on(house: House, collector: Collector) -> None:
    collector.answer(Answer(503), Answer(503))
    daemon = house.start_daemon()
    code = client(collector, batch_size=2, retry_attempts=1, retry_backoff=1.0)
    house.run_client(code + USE)
    until(lambda: "discarded" in daemon.log, "a word in the log")
    house.run_client(code + USE)
    until(lambda: len(collector.requests) == 3, lambda: str(collector.requests))
    bodies = [request.body for request in collector.requests]
    assert bodies[0] == bodies[1] != bodies[2]


def test_an_endpoint_that_does_not_answer_in_time_is_tried_again(house: House, collector: Collector) -> None:
    collector.answer(Answer(delay=60))
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=2, timeout=1) + USE)
    until(lambda: len(collector.requests) == 2, lambda: daemon.log)
    assert collector.requests[0].body == collector.requests[1].body
    until(lambda: "200 OK" in daemon.log, lambda: daemon.log)


def test_events_are_on_no_disk_while_they_wait_and_after_they_were_given_up(house: House, collector: Collector) -> None:
    collector.answer(Answer(500))
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=2, retry_attempts=0) + USE)
    until(lambda: "discarded" in daemon.log, lambda: daemon.log)
    house.run_client(client(collector, batch_size=100) + USE)
    assert "agent_id_hash" in house.daybeat("preview", "mycelium").stdout
    daemon.kill()
    held = b"".join(path.read_bytes() for path in house.root.rglob("*") if path.is_file())
    assert b"mycelium" in held, "its numbers are"
    assert b"agent_id_hash" not in held
    house.start_daemon()
    house.settle()
    assert len(collector.requests) == 1


def test_a_fault_of_ours_is_not_tried_again(house: House, collector: Collector) -> None:
    collector.answer(Answer(400))
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=2) + USE)
    until(lambda: "discarded" in daemon.log, "a word in the log")
    house.run_client(client(collector, batch_size=2) + USE)
    until(lambda: len(collector.requests) == 2, lambda: str(collector.requests))
    assert collector.requests[0].body != collector.requests[1].body


def test_the_pending_batch_is_posted_when_the_daemon_goes(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=100) + USE)
    # Its courier runs from here on: to start one takes a busy machine most of the two seconds that the end may take.
    assert house.daybeat("send", "mycelium").returncode == 0
    house.run_client(client(collector, batch_size=100) + USE)
    assert daemon.stop(signal.SIGTERM) == 0
    assert len(arrived(collector, "agent_usage")) == 2
    assert len(collector.requests) == 2


def test_a_daemon_that_goes_does_not_wait_for_an_endpoint_that_hangs(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(delay=60))
    daemon = house.start_daemon()
    house.run_client(client(collector, batch_size=100, timeout=30) + USE)
    assert daemon.stop() == 0
    assert "discarded" in daemon.log


def test_preview_shows_the_batch_that_waits(house: House, collector: Collector) -> None:
    house.start_daemon()
    house.run_client(client(collector, batch_size=100) + USE)
    shown = house.daybeat("preview", "mycelium").stdout
    house.daybeat("send", "mycelium")
    await_events(collector, "agent_usage")
    sent = collector.requests[0].body.decode()
    assert shown.partition('"version"')[0] == sent.partition('"version"')[0]


def test_send_posts_the_batch_that_waits_and_tells_the_answer(house: House, collector: Collector) -> None:
    collector.answer(Answer(200), Answer(400))
    house.start_daemon()
    assert "nothing is known of mycelium" in house.daybeat("send", "mycelium").stderr
    house.run_client(client(collector, batch_size=100) + USE)
    told = house.daybeat("send", "mycelium")
    assert (told.returncode, len(collector.requests)) == (0, 1)
    assert re.fullmatch(r"mycelium: 2 events [0-9a-f-]{36}: 200 OK\n", told.stdout)
    again = house.daybeat("send", "mycelium")
    assert (again.returncode, again.stdout) == (0, "nothing to send\n")
    house.run_client(client(collector, batch_size=100) + USE)
    refused = house.daybeat("send")
    assert (refused.returncode, refused.stderr) == (1, "daybeat: 1 of 1 not delivered; not kept\n")
    assert "400" in refused.stdout


def test_send_waits_for_no_try_that_is_far_away_and_hurries_it_when_asked_again(
    house: House, collector: Collector
) -> None:
    collector.answer(then=Answer(503))
    house.start_daemon()
    house.run_client(client(collector, batch_size=100, retry_backoff=10.0) + USE)
    told = house.daybeat("send", "mycelium")  # until the third try: the fourth is 100 s away
    assert len(collector.requests) == 3
    assert (told.returncode, told.stderr) == (1, "daybeat: 1 of 1 not delivered; kept, and tried again later\n")
    collector.answer()
    assert "200 OK" in house.daybeat("send", "mycelium").stdout
    assert len({request.body for request in collector.requests}) == 1


def test_off_ends_the_wait_of_send(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(delay=60))
    house.choose("mycelium", "on")
    house.start_daemon()
    code = "from daybeat.products.mycelium import TelemetryClient\nclient = TelemetryClient()\n" + USE
    house.run_client(code, TELEMETRY_ENDPOINT=collector.url, TELEMETRY_TIMEOUT="30")
    waiting = house.launch("-m", "daybeatd.cli", "send", "mycelium")
    until(lambda: collector.requests, "the batch")
    assert waiting.poll() is None
    assert house.daybeat("off", "mycelium").returncode == 0
    assert waiting.wait(DEADLINE) == 1


def test_over_5_mb_the_oldest_go_first_are_counted_and_one_warning_says_so(house: House, collector: Collector) -> None:
    collector.answer(then=Answer(503))
    daemon = house.start_daemon()
    count, tags = 4800, {f"t{number}_id": "x" for number in range(16)}  # 1.3 KB an event
    track = f"for n in range({count}):\n    client.track_performance('x', n, tags={tags})\n"
    code = client(collector, batch_size=1000, retry_backoff=10.0, retry_attempts=10) + track
    house.run_client(code + "    if n % 100 == 0: client._telemetry.flush(30)\n")
    until(
        lambda: stream(house, "https_json", "mycelium")["counters"] == {"performance": count, "system_info": 1},
        lambda: str(stream(house, "https_json", "mycelium")),
    )
    overflow = stream(house, "https_json", "mycelium")["dropped"]["overflow"]
    assert 0 < overflow < count
    assert stream(house, "https_json", "mycelium")["dropped"]["lost"] == 0
    assert daemon.log.count("more than 5 MB") == 1
    collector.answer()
    before = len(collector.requests)

    def values() -> list[int]:
        came = [event for request in collector.requests[before:] for event in request.events]
        return [event["value"] for event in came if event["event_type"] == "performance"]

    def all_came() -> bool:
        house.daybeat("send", "mycelium")
        return len(values()) == count - overflow

    until(all_came, lambda: f"{count - overflow} events; {len(values())} came, {overflow} had gone")
    gaps = [(earlier, later) for earlier, later in itertools.pairwise(values()) if later != earlier + 1]
    # The first batch was under way; behind it the oldest are missing, and nothing else.
    assert gaps == [(998, 999 + overflow)]


def test_off_deletes_what_waits(house: House, collector: Collector) -> None:
    house.choose("mycelium", "on")
    daemon = house.start_daemon()
    endpoint = {"TELEMETRY_ENDPOINT": collector.url}
    code = "from daybeat.products.mycelium import TelemetryClient\nclient = TelemetryClient()\n"
    house.run_client(code + USE, **endpoint)
    assert "agent_usage" in house.daybeat("preview", "mycelium").stdout
    assert house.daybeat("off", "mycelium").returncode == 0
    daemon.stop()
    assert collector.requests == []


def test_off_holds_at_once_for_a_program_that_said_on_itself(house: House, collector: Collector) -> None:
    daemon = house.start_daemon()
    host = house.live_client(client(collector, batch_size=100) + USE + "client._telemetry.flush(5)\n")
    house.settle()
    assert "agent_usage" in house.daybeat("preview", "mycelium").stdout
    told = house.daybeat("off", "mycelium")
    assert (told.returncode, told.stdout) == (0, "mycelium: off\n"), "no process is kept on"
    host.do(USE + "client._telemetry.flush(5)\n")
    house.settle()
    assert house.daybeat("preview", "mycelium").stdout == ""
    assert host.end() == (0, "")
    assert house.run_client(client(collector) + USE + "print(client.is_enabled())").stdout == "False\n"
    daemon.stop()
    assert collector.requests == []
