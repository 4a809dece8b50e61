"""As much of an undeclared name as `doctor` may show, and how many of them are remembered."""

from __future__ import annotations

import pytest

from daybeatd.core.undeclared import HIDDEN, MAX_LOOKS, MAX_NAMES, Undeclared, shown_name
from support.hostile import DISGUISES, GENERATORS, Random, leaks


@pytest.mark.parametrize(
    "name", ["tutorial.finished", "feature.dark-mode", "other.metric", "cli.export.report", "report"]
)
def test_ordinary_names_are_shown(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("feature.jane-doe", f"feature.{HIDDEN}"),
        ("jane_doe.one.count", f"{HIDDEN}.one.count"),
        ("zorblatt", ""),
        ("zorblatt.quixley", ""),
        ("feature.apikey", ""),
        ("feature.jane@example.com", ""),
        ("Feature.X", ""),
        ("", ""),
        ("feature.search\n", ""),
    ],
)
def test_what_could_be_somebody_is_hidden(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_the_words_that_a_product_declares_are_known() -> None:
    assert shown_name("mycelium.spore", ["mycelium.*", "spore.count"]) == "mycelium.spore"


def test_nothing_of_a_secret_is_ever_shown() -> None:
    for seed in range(len(GENERATORS) * len(DISGUISES)):
        secret = GENERATORS[seed % len(GENERATORS)](Random(seed))
        planted = DISGUISES[seed // len(GENERATORS)](secret)
        shown = [shown_name(name) for name in (planted, f"feature.{planted}", f"{planted}.count", f"cli.run-{planted}")]
        assert leaks(secret, shown) + leaks(planted, shown) == []


def test_the_last_few_are_remembered() -> None:
    names = Undeclared()
    for word in ("one", *"abcdefgh", "one"):
        names.note("acme", f"feature.{word}", ["feature.x"])
    assert names.of("acme")[-1] == "feature.one"
    assert len(names.of("acme")) == MAX_NAMES
    assert names.of("other") == []
    names.forget("acme")
    assert names.of("acme") == []


def test_a_flood_is_not_looked_at() -> None:
    names = Undeclared()
    for i in range(MAX_LOOKS):
        names.note("acme", f"zorblatt{i}", ())
    names.note("acme", "feature.search", ())
    assert names.of("acme") == []
    names.ease("acme")
    names.note("acme", "feature.search", ())
    assert names.of("acme") == ["feature.search"]
