"""The order of consent, rule by rule, as a real host process sees it: `mode`, `enabled`, `reason`."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from support.house import House
from support.products import acme, product

ON_WORDS = ("true", "1", "yes", "on", "enable", "enabled")
OFF_WORDS = ("false", "0", "no", "off", "disable", "disabled")
VARIABLE = "ACME_TELEMETRY_ENABLED"
REPORT = "import json\nprint(json.dumps([telemetry.mode, telemetry.enabled, telemetry.reason]))\n"


class Case(NamedTuple):
    """One row: the policy's default, the environment, the recorded choices, and what follows."""

    name: str
    policy: str
    environ: dict[str, str]
    recorded: dict[str, str]
    mode: str


def _rule_1() -> list[Case]:
    loud = [
        Case(
            f"1 DO_NOT_TRACK={value} beats all",
            "opt-out",
            {"DO_NOT_TRACK": value, VARIABLE: "on"},
            {"acme": "on"},
            "off",
        )
        for value in ("1", "true", "yes", "no", "2")
    ]
    silent = [
        case
        for value in ("", "0", "false")
        for case in (
            Case(f"1 DO_NOT_TRACK={value!r} grants nothing", "opt-in", {"DO_NOT_TRACK": value}, {}, "off"),
            Case(f"1 DO_NOT_TRACK={value!r} takes nothing", "opt-out", {"DO_NOT_TRACK": value}, {}, "on"),
        )
    ]
    return loud + silent


def _rules_2_to_4() -> list[Case]:
    off = [
        Case(f"2 {VARIABLE}={word} beats on", "opt-out", {VARIABLE: word}, {"acme": "on"}, "off")
        for word in OFF_WORDS
    ]
    on = [Case(f"4 {VARIABLE}={word} turns on", "opt-in", {VARIABLE: word}, {}, "on") for word in ON_WORDS]
    return (
        off
        + on
        + [
            Case("2 beats local for all", "opt-out", {VARIABLE: "off"}, {"all": "local"}, "off"),
            Case("3 all=off beats an environment of on", "opt-out", {VARIABLE: "on"}, {"all": "off"}, "off"),
            Case("3 all=off beats the product's on", "opt-out", {}, {"all": "off", "acme": "on"}, "off"),
            Case("3 all=off beats both", "opt-in", {VARIABLE: "1"}, {"all": "off", "acme": "on"}, "off"),
            Case("4 beats the product's off", "opt-in", {VARIABLE: "on"}, {"acme": "off"}, "on"),
            Case("4 beats the product's local", "opt-in", {VARIABLE: "on"}, {"acme": "local"}, "on"),
            Case("4 beats local for all", "opt-out", {VARIABLE: "on"}, {"all": "local"}, "on"),
            Case("4 another value is off for opt-in", "opt-in", {VARIABLE: "maybe"}, {}, "off"),
            Case(
                "4 another value is off for opt-in, whatever is recorded",
                "opt-in",
                {VARIABLE: "maybe"},
                {"acme": "on"},
                "off",
            ),
            Case("4 another value is ignored for opt-out", "opt-out", {VARIABLE: "maybe"}, {}, "on"),
            Case(
                "4 another value leaves opt-out to the record",
                "opt-out",
                {VARIABLE: "maybe"},
                {"acme": "local"},
                "local",
            ),
        ]
    )


def _rules_5_and_6() -> list[Case]:
    recorded = [
        Case(f"5 {name}={choice} for {policy}", policy, {}, {name: choice}, choice)
        for name in ("acme", "all")
        for choice in ("on", "local", "off")
        for policy in ("opt-in", "opt-out")
    ]
    return [
        *recorded,
        Case("5 the product's on before local for all", "opt-in", {}, {"acme": "on", "all": "local"}, "on"),
        Case(
            "5 the product's local before on for all", "opt-out", {}, {"acme": "local", "all": "on"}, "local"
        ),
        Case("5 the product's off before on for all", "opt-out", {}, {"acme": "off", "all": "on"}, "off"),
        Case("5 another product's choice is not ours", "opt-in", {}, {"other": "on"}, "off"),
        Case("5 another product's off is not ours", "opt-out", {}, {"other": "off"}, "on"),
        Case("6 opt-in", "opt-in", {}, {}, "off"),
        Case("6 opt-out", "opt-out", {}, {}, "on"),
    ]


CASES: list[Case] = [*_rule_1(), *_rules_2_to_4(), *_rules_5_and_6()]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_first_rule_that_speaks_decides(house: House, case: Case) -> None:
    for name, choice in case.recorded.items():
        house.choose(name, choice)
    done = house.run_client(acme(consent=case.policy) + REPORT, **case.environ)
    mode, enabled, reason = json.loads(done.stdout)
    assert (mode, enabled) == (case.mode, case.mode != "off")
    assert reason.strip()
    assert len(reason.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "policy", "variable"),
    [
        ("acme", {"env_var": "ACME_TELEMETRY"}, "ACME_TELEMETRY"),
        ("my-tool_2", {}, "MY_TOOL_2_TELEMETRY_ENABLED"),
    ],
)
def test_the_variable_is_the_declared_one_or_made_of_the_name(
    house: House, name: str, policy: dict[str, str], variable: str
) -> None:
    off = house.run_client(product(name, **policy) + REPORT, **{variable: "off"})
    assert json.loads(off.stdout)[0] == "off"
    on = house.run_client(product(name, consent="opt-in", **policy) + REPORT, **{variable: "on"})
    assert json.loads(on.stdout)[0] == "on"


def test_a_variable_of_another_name_says_nothing(house: House) -> None:
    done = house.run_client(acme(env_var="ACME_TELEMETRY") + REPORT, ACME_TELEMETRY_ENABLED="off")
    assert json.loads(done.stdout)[0] == "on"


@pytest.mark.parametrize("choice", ["on", "local", "off"])
@pytest.mark.parametrize("target", [["acme"], []], ids=["acme", "all"])
def test_the_tool_records_the_choice_without_a_daemon(house: House, choice: str, target: list[str]) -> None:
    done = house.daybeat(choice, *target)
    assert (done.returncode, done.stderr) == (0, "")
    path = house.config / "consent" / (target[0] if target else "all")
    assert path.read_text().strip() == choice
    assert path.stat().st_mode & 0o777 == 0o600
    shown = house.run_client(acme(consent="opt-in" if choice == "on" else "opt-out") + REPORT)
    assert json.loads(shown.stdout)[0] == choice


def test_without_a_config_directory_the_policy_decides_and_the_tool_makes_one(house: House) -> None:
    elsewhere = {"DAYBEAT_CONFIG_DIR": str(house.root / "new" / "config")}
    assert json.loads(house.run_client(acme() + REPORT, **elsewhere).stdout)[0] == "on"
    assert house.daybeat("off", "acme", **elsewhere).returncode == 0
    made = house.root / "new" / "config"
    assert [place.stat().st_mode & 0o777 for place in (made, made / "consent")] == [0o700, 0o700]
    assert json.loads(house.run_client(acme() + REPORT, **elsewhere).stdout)[0] == "off"
