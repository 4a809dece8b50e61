"""Who decides: the six rules, in their order, word by word."""

from __future__ import annotations

from itertools import product as every

import pytest

from daybeat import consent
from daybeat.consent import ADMINISTRATOR, ALL, DEFAULT, ENVIRONMENT, RECORDED, UNREADABLE
from daybeat.policy import Policy, policy

VARIABLE = "ACME_TELEMETRY"
OFF = ("false", "0", "no", "off", "disable", "disabled")
ON = ("true", "1", "yes", "on", "enable", "enabled")
NEITHER = ("", " ", "2", "-1", "y", "n", "t", "local", "ON!", "on off", "nope", "00", "01", "1.0", "\0", "ja", "o n")
CHOICES = ("on", "local", "off")
NO_RECORD = ("", " ", "\n", "\t\r\n", "\ufeff", "\ufeff\r\n")
GARBAGE = ("yes", "1", "true", "on off", "on,local", "ON!", "\ufffd", "o\0n", "off!", "# on", "on\ufeff", UNREADABLE)


def acme(default: str) -> Policy:
    return policy("acme", consent=default, env_var=VARIABLE)


class Records(dict[str, str]):
    """Recorded choices that remember who asked."""

    def __init__(self, **texts: str) -> None:
        super().__init__({ADMINISTRATOR if name == "administrator" else name: text for name, text in texts.items()})
        self.asked: list[str] = []

    def __call__(self, name: str) -> str:
        self.asked.append(name)
        return self.get(name, "")


def decided(default: str, environ: dict[str, str], records: Records | None = None) -> tuple[str, str]:
    found = consent.decide(acme(default), environ, records if records is not None else Records())
    assert found.reason
    assert "\n" not in found.reason
    return found.mode, found.rule


def forms(word: str) -> list[str]:
    return sorted({word, word.upper(), word.title(), f" {word} ", f"{word}\n", f"\t{word.upper()}\r\n"})


def written(word: str) -> list[str]:
    """As an editor may leave it in a file: Windows' put a mark of byte order before it."""
    return [*forms(word), *(f"\ufeff{form}" for form in forms(word))]


BOTH = pytest.mark.parametrize("default", ["opt-in", "opt-out"])


@BOTH
@pytest.mark.parametrize("value", ["1", "true", "yes", "on", "no", "off", "2", "00", "0.0", "falsey", "x"])
def test_rule_1_do_not_track_is_off_whatever_else_is_said(default: str, value: str) -> None:
    records = Records(acme="on", all="on", administrator="on")
    assert decided(default, {"DO_NOT_TRACK": value, VARIABLE: "1"}, records) == ("off", ENVIRONMENT)
    assert records.asked == []


@BOTH
@pytest.mark.parametrize("value", ["", "0", "false", "False", "FALSE"])
def test_rule_1_do_not_track_that_says_no_grants_nothing(default: str, value: str) -> None:
    mode = {"opt-in": "off", "opt-out": "on"}[default]
    assert decided(default, {"DO_NOT_TRACK": value}) == (mode, DEFAULT)
    assert decided(default, {"DO_NOT_TRACK": value}, Records(acme="off")) == ("off", RECORDED)
    assert decided(default, {"DO_NOT_TRACK": value, VARIABLE: "on"}) == ("on", ENVIRONMENT)


@BOTH
@pytest.mark.parametrize("value", [form for word in OFF for form in forms(word)])
def test_rule_2_off_by_the_products_variable_asks_no_record(default: str, value: str) -> None:
    records = Records(acme="on", all="on")
    assert decided(default, {VARIABLE: value}, records) == ("off", ENVIRONMENT)
    assert records.asked == []


@BOTH
@pytest.mark.parametrize("who", ["all", "administrator"])
@pytest.mark.parametrize("text", [*written("off"), *GARBAGE])
def test_rule_3_off_for_all_is_stronger_than_the_environment(default: str, who: str, text: str) -> None:
    records = Records(**{who: text, "acme": "on"})
    assert decided(default, {VARIABLE: "1"}, records) == ("off", RECORDED)


@pytest.mark.parametrize("text", ["on", "local"])
def test_rule_3_an_administrator_can_only_forbid(text: str) -> None:
    assert decided("opt-in", {}, Records(administrator=text)) == ("off", DEFAULT)
    assert decided("opt-out", {}, Records(administrator=text)) == ("on", DEFAULT)


@BOTH
@pytest.mark.parametrize("value", [form for word in ON for form in forms(word)])
@pytest.mark.parametrize("records", [{}, {"acme": "off"}, {"acme": "local", "all": "local"}])
def test_rule_4_on_by_the_variable_is_stronger_than_a_products_record(
    default: str, value: str, records: dict[str, str]
) -> None:
    assert decided(default, {VARIABLE: value}, Records(**records)) == ("on", ENVIRONMENT)


@pytest.mark.parametrize("value", NEITHER)
def test_rule_4_any_other_value_is_off_for_opt_in(value: str) -> None:
    assert decided("opt-in", {VARIABLE: value}, Records(acme="on", all="on")) == ("off", ENVIRONMENT)


@pytest.mark.parametrize("value", NEITHER)
def test_rule_4_any_other_value_is_ignored_for_opt_out(value: str) -> None:
    assert decided("opt-out", {VARIABLE: value}) == ("on", DEFAULT)
    assert decided("opt-out", {VARIABLE: value}, Records(acme="local")) == ("local", RECORDED)


@BOTH
@pytest.mark.parametrize(("own", "everyone"), list(every(CHOICES, ["", "garbage", *CHOICES])))
def test_rule_5_the_products_record_comes_before_that_for_all(default: str, own: str, everyone: str) -> None:
    wanted = "off" if everyone in ("off", "garbage") else own
    assert decided(default, {}, Records(acme=own, all=everyone)) == (wanted, RECORDED)


@BOTH
@pytest.mark.parametrize("choice", ["on", "local"])
@pytest.mark.parametrize("nothing", NO_RECORD)
def test_rule_5_the_record_for_all_stands_where_the_product_has_none(default: str, choice: str, nothing: str) -> None:
    for text in written(choice):
        assert decided(default, {}, Records(acme=nothing, all=text)) == (choice, RECORDED)


@BOTH
@pytest.mark.parametrize("text", GARBAGE)
def test_rule_5_unreadable_text_grants_nothing(default: str, text: str) -> None:
    assert decided(default, {}, Records(acme=text)) == ("off", RECORDED)
    assert decided(default, {}, Records(acme=text, all="on")) == ("off", RECORDED)
    assert decided(default, {}, Records(all=text)) == ("off", RECORDED)


@BOTH
@pytest.mark.parametrize("text", GARBAGE)
def test_the_reason_tells_a_record_that_is_no_word_from_a_choice(default: str, text: str) -> None:
    for name, file in (("acme", "consent/acme"), ("all", "consent/all"), ("administrator", "/etc/daybeat/consent/all")):
        found = consent.decide(acme(default), {}, Records(**{name: text}))
        assert found.reason.startswith(f"{file} can't be read as one of on, local, off")
        chosen = consent.decide(acme(default), {}, Records(**{name: "off"}))
        assert "can't be read" not in chosen.reason


@pytest.mark.parametrize("nothing", NO_RECORD)
def test_rule_6_the_policy_decides_where_nobody_did(nothing: str) -> None:
    assert decided("opt-in", {}, Records(acme=nothing, all=nothing)) == ("off", DEFAULT)
    assert decided("opt-out", {}, Records(acme=nothing, all=nothing)) == ("on", DEFAULT)


def test_only_the_three_names_are_ever_asked_for() -> None:
    records = Records()
    decided("opt-out", {"OTHER_TELEMETRY": "0"}, records)
    assert set(records.asked) == {ADMINISTRATOR, ALL, "acme"}


def test_another_products_variable_and_record_mean_nothing() -> None:
    assert decided("opt-in", {"ACME_TELEMETRY_ENABLED": "1"}, Records(idun="on")) == ("off", DEFAULT)
    assert decided("opt-out", {"ACME_TELEMETRY_ENABLED": "0"}, Records(idun="off")) == ("on", DEFAULT)


def model(default: str, dnt: str | None, value: str | None, administrator: str, everyone: str, own: str) -> str:
    """The six rules once more, as the design words them."""

    def choice(text: str) -> str:
        word = text.removeprefix("\ufeff").strip().lower()
        return word if word in ("", "on", "local", "off") else "off"

    word = None if value is None else value.strip().lower()
    if dnt is not None and dnt not in ("", "0", "false"):
        return "off"
    if word in OFF or "off" in (choice(administrator), choice(everyone)):
        return "off"
    if word in ON:
        return "on"
    if word is not None and default == "opt-in":
        return "off"
    return choice(own) or choice(everyone) or {"opt-in": "off", "opt-out": "on"}[default]


def test_all_rules_together() -> None:
    texts = ("", "on", "local", "off", "garbage")
    for case in every(("opt-in", "opt-out"), (None, "", "0", "1"), (None, "", "1", "0", "maybe"), texts, texts, texts):
        default, dnt, value, administrator, everyone, own = case
        environ = {name: text for name, text in (("DO_NOT_TRACK", dnt), (VARIABLE, value)) if text is not None}
        found, rule = decided(default, environ, Records(administrator=administrator, all=everyone, acme=own))
        assert found == model(*case), case
        assert rule in consent.RULES


def test_what_the_daemon_asks_again_is_what_the_client_decided() -> None:
    for default, everyone, own in every(("opt-in", "opt-out"), ("", "on", "local"), ("", "on", "local", "off")):
        records = Records(all=everyone, acme=own)
        assert consent.all_off(records) is None
        again = consent.by_record(acme(default), records)
        assert (again.mode, again.rule) == decided(default, {}, records)
