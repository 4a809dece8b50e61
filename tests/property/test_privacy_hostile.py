"""Whatever a host hands over, on purpose or by accident: nothing of it is in any output of the rules.

The generators of `support.hostile` plant it into every argument that the rules judge.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daybeat import privacy, scrub
from daybeat.policy import policy
from support.hostile import DISGUISES, GENERATORS, PEOPLE, Random, is_like_a_name, leaks, raised

RULES = privacy.Rules(
    policy(
        "acme",
        declare=["feature.*", "latency.*", "cli.*", "workflow.*"],
        tags={"operation": ["search", "build"], "user": [], "tenant_id": ["*"]},
        errors=["acme", "httpx"],
    ),
    b"salt",
)


def outputs_of_numbers(planted: str) -> list[str]:
    """Everything that the rules say of `planted`, given for each argument of a heartbeat."""
    found = [
        RULES.name(planted)[0],
        RULES.name(f"feature.{planted}")[0],
        RULES.name(f"feature.{planted}.count")[0],
        RULES.name(f"cli.run-{planted}")[0],
        *map(
            str,
            RULES.observation(
                "latency.search", planted, (("operation", planted), (planted, "search"), (planted, planted))
            ),
        ),
        *map(str, RULES.observation("latency.search", "ms", {"user": planted, "tenant_id": planted})),
        *(
            RULES.error(name)
            for name in (planted, f"acme:{planted}", f"{planted}:ValueError", f"json:{planted}", f"__main__:{planted}")
        ),
        privacy.unit(planted),
        privacy.version(planted),
        *_system(planted),
    ]
    return [output for output in found if output]


def _system(planted: str) -> list[str]:
    fixed = ["os.family", "os.machine", "os.containerized", "python.version", "libraries.pytest", "libraries.ipython"]
    kept = privacy.system(dict.fromkeys([*fixed, f"libraries.{planted}", planted], planted))
    return [str(fact) for fact in kept.values()] + [key for key in kept if key not in fixed]


def outputs_of_text(planted: str) -> list[str]:
    """The same for the text of errors."""
    trace = (
        "Traceback (most recent call last):\n"
        f'  File "/home/{planted}/app/main.py", line 3, in run\n    call({planted!r})\n    ^^^^\n'
        f'  File "/usr/lib/python3.11/site-packages/{planted}/x.py", line 3, in {planted}\n'
        f"ValueError: {planted}\n{planted}\n\nDuring handling of the above exception, another exception occurred:\n\n"
        f"{planted}: {planted}\nacme.Bad: {planted}"
    )
    return [
        *(
            scrub.message(text)
            for text in (
                planted,
                f"Invalid input: {planted}",
                f"{planted} not found",
                f"failed with '{planted}' in main.py",
                f"cannot open {planted} (error {planted})",
            )
        ),
        *(
            scrub.traceback(text)
            for text in (trace, planted, f'File "{planted}", line 1, in {planted}', f"ValueError: {planted}")
        ),
    ]


def _planted(seed: int) -> tuple[str, str]:
    r = Random(seed)
    secret = GENERATORS[seed % len(GENERATORS)](r)
    return secret, DISGUISES[(seed // len(GENERATORS)) % len(DISGUISES)](secret)


ROUNDS = 2


@pytest.mark.timeout(300)  # 15 s of CPU; the limit ends a hang, on a busy machine too
@pytest.mark.parametrize("place", ["numbers", "text"])
def test_nothing_of_a_planted_secret_comes_out(place: str) -> None:
    tried = 0
    found = []
    for seed in range(len(GENERATORS) * len(DISGUISES) * ROUNDS):
        secret, planted = _planted(seed)
        if place == "numbers" and is_like_a_name(secret, planted):
            continue
        tried += 1
        outputs = outputs_of_numbers(planted) if place == "numbers" else outputs_of_text(planted)
        found += [(secret, planted, output) for output in leaks(secret, outputs) + leaks(planted, outputs)]
    assert tried > 5000
    assert found == []


def test_nor_out_of_traces_really_raised_under_a_users_home() -> None:
    r = Random(3)
    for generate in GENERATORS:
        for form in (
            "/home/{}/proj/main.py",
            "/Users/{}/x/main.py",
            r"C:\Users\{}\main.py",
            "/home/{}/v/lib/python3.11/site-packages/{}/main.py",
        ):
            person, secret = r.choice(PEOPLE), generate(r).replace("\0", "")
            reduced = scrub.traceback(raised(form.replace("{}", person), secret))
            assert leaks(secret, [reduced]) == []
            assert person not in reduced
            assert 'File "<user>/main.py", line 7, in run' in reduced
            assert "KeyError: " in reduced
            assert "ValueError: " in reduced


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**12), st.sampled_from(GENERATORS), st.lists(st.sampled_from(DISGUISES), max_size=3))
def test_nor_under_nested_disguises(
    seed: int, generate: Callable[[Random], str], disguises: list[Callable[[str], str]]
) -> None:
    secret = planted = generate(Random(seed))
    for disguise in disguises:
        planted = disguise(planted)
    assert leaks(secret, outputs_of_text(planted)) == []
    if not is_like_a_name(secret, planted) and not is_like_a_name(secret, planted[::-1]):
        assert leaks(secret, outputs_of_numbers(planted)) == []


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    outputs_of_numbers(text)
    outputs_of_text(text)


def test_what_is_no_string_is_judged_without_an_error() -> None:
    for odd in (None, 1, 1.5, True, b"x", [], {}, ["a"], object(), float("nan"), ("a", []), "\ud800"):
        assert RULES.name(odd)[0] == ""
        assert RULES.observation("latency.search", odd, odd)[1] == "1"
        assert RULES.error(odd) == "OtherError"
        assert scrub.message(odd) in ("", "<redacted>")
        assert privacy.count(odd) in (0, 1)
        privacy.value(odd)
        privacy.unit(odd)
        privacy.version(odd)
        privacy.system(odd)
