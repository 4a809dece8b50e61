"""`config.toml`: what it may say, and what a fault in it costs: never more than it must, and never towards sending."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import daybeat
from daybeat.policy import PolicyError, Sink
from daybeatd.core.settings import QuietHours, Settings
from daybeatd.settings import parse

OWN = daybeat.https_json("https://telemetry.acme.dev/v1")
HOUR = 3600
UNHURRIED = hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FULL = """\
proxy = "http://user:hush@proxy.example:3128"
ca = "/etc/ssl/company.pem"
quiet_hours = "22:00-07:30"

[products.acme]
sink = "otlp"
endpoint = "https://collector.example/v1/metrics"
headers = { Authorization = "Bearer hush" }

[products.other]
send = false
"""


def good(text: str) -> Settings:
    settings, faults = parse(text, "config.toml")
    assert faults == []
    return settings


def fault_of(text: str) -> tuple[Settings, str]:
    settings, faults = parse(text, "config.toml")
    (fault,) = faults
    return settings, fault


def test_nothing_said_changes_nothing() -> None:
    settings = good("")
    assert settings == Settings()
    assert settings.sink_for("acme", OWN) is OWN
    assert settings.sink_for("acme", None) is None
    assert settings.may_send("acme")
    assert settings.quiet_left(0.0) == 0.0


def test_all_of_it() -> None:
    settings = good(FULL)
    assert (settings.proxy, settings.ca) == ("http://user:hush@proxy.example:3128", "/etc/ssl/company.pem")
    assert settings.quiet_hours == QuietHours(22 * HOUR, 7 * HOUR + HOUR // 2)
    elsewhere = daybeat.otlp("https://collector.example/v1/metrics", {"Authorization": "Bearer hush"})
    assert settings.sink_for("acme", OWN) == elsewhere
    assert settings.sink_for("acme", None) == elsewhere
    assert settings.sink_for("third", OWN) is OWN
    assert [settings.may_send(name) for name in ("acme", "other", "third")] == [True, False, True]


def test_settings_show_no_credential() -> None:
    assert "hush" not in repr(good(FULL))


@pytest.mark.parametrize(
    ("table", "sink"),
    [
        ('sink = "none"', None),
        ('sink = "https_json"\nendpoint = "https://x.example/a?b=c"', daybeat.https_json("https://x.example/a?b=c")),
        ('sink = "posthog"\nkey = "phc_1"', daybeat.posthog("phc_1")),
        (
            'sink = "posthog"\nkey = "phc_1"\nendpoint = "https://eu.i.posthog.com"',
            daybeat.posthog("phc_1", host="https://eu.i.posthog.com"),
        ),
        ('sink = "file"\nendpoint = "/var/beats.jsonl"', daybeat.file("/var/beats.jsonl")),
    ],
)
def test_every_sink(table: str, sink: Sink | None) -> None:
    settings = good(f"[products.acme]\n{table}\n")
    assert settings.sink_for("acme", OWN) == sink
    assert settings.may_send("acme")


def test_nothing_of_any_product() -> None:
    settings = good("send = false\n[products.acme]\nsend = true\n")
    assert not settings.may_send("acme")
    assert not settings.may_send("other")
    assert "send = false" in settings.why_held("acme")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('send = "false"', "true or false"),
        ("proxy = 3128", "an address like"),
        ('proxy = "socks5://hush@127.0.0.1:9050"', "SOCKS is not supported"),
        ('proxy = "proxy.hush:3128"', "an address like"),
        ('proxy = "http://user:hush@proxy.example:99999"', "an address like"),
        ('proxy = "http://user:hush@proxy.example:port"', "an address like"),
        ('proxy = "http://[::1"', "an address like"),
        ('ca = "hush.pem"', "absolute path"),
        ("products = 3", "must be tables"),
    ],
)
def test_a_fault_that_may_open_a_way_out_closes_all(value: str, words: str) -> None:
    settings, fault = fault_of(f"# first\n{value}\n")
    key = value.partition(" ")[0]
    assert fault.startswith(f"config.toml:2: {key}: ")
    assert words in fault
    assert "hush" not in fault
    assert not settings.may_send("acme")


@pytest.mark.parametrize("value", ['"25:00-07:00"', '"22:00"', "22", '"22:00-22:00"', '"a-b"', '"1:60-2:00"', "true"])
def test_bad_quiet_hours_cost_the_quiet_alone(value: str) -> None:
    settings, fault = fault_of(f'proxy = "http://p:1"\nquiet_hours = {value}\n')
    assert fault.startswith("config.toml:2: quiet_hours: ")
    assert settings == Settings(proxy="http://p:1")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('sink = "hush"', "sink"),
        ("sink = []", "sink"),
        ('send = "no"', "send"),
        ('sink = "https_json"', "sink"),
        ('sink = "posthog"\nendpoint = "https://hush.example"', "sink"),
        ('sink = "otlp"\nendpoint = "http://hush.example"', "endpoint"),
        ('sink = "otlp"\nendpoint = 3', "endpoint"),
        ('sink = "file"\nendpoint = "hush.jsonl"', "endpoint"),
        ('sink = "posthog"\nkey = ""', "key"),
        ('sink = "file"\nendpoint = "/x"\nkey = "hush"', "key"),
        ('sink = "https_json"\nendpoint = "https://x.example"\nheaders = "hush"', "headers"),
        ('sink = "https_json"\nendpoint = "https://x.example"\nheaders = { A = "\\n" }', "headers"),
        ('sink = "https_json"\nendpoint = "https://x.example"\nheaders = { A = 3 }', "headers"),
        ('endpoint = "https://hush.example"', "endpoint"),
        ('sink = "otlp"\nendpoint = "https://hush.example:99999/"', "endpoint"),
        ("sned = false", "sned"),
        ("enabled = false", "enabled"),
    ],
)
def test_a_fault_in_a_product_costs_that_product_alone(table: str, key: str) -> None:
    settings, fault = fault_of(f'[products.acme]\n{table}\n[products.other]\nsink = "file"\nendpoint = "/x"\n')
    assert re.match(rf"config\.toml:\d: products\.acme\.{key}: ", fault), fault
    assert fault.endswith("acme is not sent until this is mended")
    assert "hush" not in fault
    assert not settings.may_send("acme")
    assert settings.may_send("other")
    assert settings.sink_for("other", OWN) == daybeat.file("/x")


def test_a_good_sink_beside_a_bad_send_is_still_the_place() -> None:
    """What is counted meanwhile is bound for where the person wants it."""
    settings, _ = fault_of('[products.acme]\nsink = "file"\nendpoint = "/x"\nsend = 0\n')
    assert settings.sink_for("acme", OWN) == daybeat.file("/x")
    assert not settings.may_send("acme")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ('quiethours = "22:00-07:00"', "quiet_hours"),
        ("colour = 3", "proxy"),
    ],
)
def test_an_unknown_key_names_the_nearest(text: str, nearest: str) -> None:
    settings, fault = fault_of(text)
    assert "is no setting; the nearest is" in fault
    if nearest != "proxy":
        assert fault.endswith(nearest)
    assert settings.may_send("acme")


@pytest.mark.parametrize("text", ["sned = false", "Send = false", "prox = 3", '[product.acme]\nsink = "none"'])
def test_a_misspelt_key_that_may_hold_back_does(text: str) -> None:
    settings, _ = fault_of(text)
    assert not settings.may_send("acme")


@pytest.mark.parametrize("name", ["Acme", "all", "a b"])
def test_a_table_of_what_can_be_no_product_may_be_anyones(name: str) -> None:
    settings, fault = fault_of(f'[products."{name}"]\nsend = false\n')
    assert fault.startswith("config.toml:1: ")
    assert "no product's name" in fault
    assert not settings.may_send("acme")


def test_a_products_table_that_is_not_under_products() -> None:
    settings, fault = fault_of("[acme]\nsend = false\n")
    assert fault.startswith("config.toml:1: acme: is no setting; a product's table is [products.NAME]; acme is not")
    assert [settings.may_send(name) for name in ("acme", "other")] == [False, True]


@pytest.mark.parametrize("text", ["send.x = 1", "[product.acme]\nsend = false", "hello", "[products]\nacme.send = 3"])
def test_every_fault_names_its_line(text: str) -> None:
    _, fault = fault_of(f"# first\n{text}")
    assert re.match(r"config\.toml:[23]: ", fault), fault


def test_every_fault_is_told_in_the_order_of_the_lines() -> None:
    _, faults = parse('[products.acme]\nsend = 1\n[products.b]\nsink = 2\n[products.c]\nkey = "x"\n', "f")
    assert [fault.partition(": ")[0] for fault in faults] == ["f:2", "f:4", "f:6"]


@pytest.mark.parametrize(
    ("line", "key", "sent"),
    [
        ("quiet_hours = 22:00-07:00", "quiet_hours", True),
        ("proxy = http://p:1", "proxy", False),
        ("send = no", "send", False),
        ("send = true\nsend = false", "send", False),
    ],
)
def test_a_line_that_is_no_toml_costs_its_key_alone(line: str, key: str, sent: bool) -> None:
    settings, faults = parse(f'{line}\n[products.acme]\nsink = "file"\nendpoint = "/x"\n', "config.toml")
    assert len(faults) == 1
    assert f": {key}: is no TOML" in faults[0]
    assert settings.may_send("acme") is sent
    assert settings.sink_for("acme", OWN) == daybeat.file("/x")


@pytest.mark.parametrize(
    "text", ['key =\n"hush"', "key =\nhush", 'headers = {\n"hush"', "'hush'", '"a=hush"', "x 'hush' ="]
)
def test_a_value_on_a_line_of_its_own_is_not_taken_for_a_key(text: str) -> None:
    _, faults = parse(f"[products.acme]\n{text}\n", "f")
    assert faults
    assert "hush" not in "".join(faults)


def test_a_line_within_a_text_is_no_setting() -> None:
    _, faults = parse('[products.acme]\nsend = 4\nkey = """\nsend = 3\n"""\nsink = "posthog"\n', "f")
    assert [fault.partition(": ")[0] for fault in faults] == ["f:2"]


def test_a_line_that_is_no_toml_in_a_product() -> None:
    settings, fault = fault_of("[products.acme]\nsink = none\n[products.other]\nsend = true\n")
    assert fault.startswith("config.toml:2: products.acme.sink: is no TOML")
    assert [settings.may_send(name) for name in ("acme", "other")] == [False, True]


@pytest.mark.parametrize(
    "text", ["[products.acme\nsend = false\n", "hello", "[products.acme]\n[products.acme]\n", "a = [" * 5000, "\0"]
)
def test_what_can_not_be_read_as_a_whole_sends_nothing(text: str) -> None:
    settings, faults = parse(text, "config.toml")
    assert faults
    assert not settings.may_send("acme")


@UNHURRIED
@given(st.text() | st.text("=[].\"'#\n tfaesndproucki_0:-"))
@example("proxy='http://[::1'")
@example("[products]\nacme=1")
@example("products.acme.sink.x='none'")
@example("\udcff")
def test_any_text_gives_settings_and_lines(text: str) -> None:
    settings, faults = parse(text, "f")
    assert all("\n" not in fault and fault.startswith("f") for fault in faults)
    assert settings.may_send("acme") or settings.why_held("acme")


@UNHURRIED
@given(st.text() | st.integers() | st.lists(st.integers(), max_size=2))
def test_no_value_breaks_a_sink(value: object) -> None:
    import json

    for kind in ("https_json", "posthog", "otlp", "file", "none"):
        for key in ("endpoint", "key", "headers", "sink", "send"):
            table = {"sink": json.dumps(kind), "endpoint": '"https://x.example"', "key": '"k"'}
            table[key] = json.dumps(value)
            parse("[products.acme]\n" + "\n".join(f"{name} = {text}" for name, text in table.items()), "f")


def test_a_policy_error_is_a_value_error() -> None:
    """The parser takes both for the same kind of fault."""
    assert issubclass(PolicyError, ValueError)
