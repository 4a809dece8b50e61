"""Idun's old record as a value."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import yaml

from daybeatd.core.legacy import parse


@pytest.mark.parametrize("word", ["false", "no", "'false'", "'off'", "0", "disabled", "[]"])
def test_an_old_choice_that_is_no_word_for_on_is_off(word: str) -> None:
    assert parse({"telemetry_enabled": yaml.safe_load(word)}).is_off


@pytest.mark.parametrize("word", ["true", "yes", "'on'", "1", "null"])
def test_an_old_choice_that_is_one_or_is_none_is_not(word: str) -> None:
    assert not parse({"telemetry_enabled": yaml.safe_load(word)}).is_off


@pytest.mark.parametrize("time", ["2025-01-02", "2025-01-02T00:00:00Z", "'2025-01-02T01:00:00+01:00'", "'2025-01-02'"])
def test_an_old_time_is_kept_as_yaml_reads_it(time: str) -> None:
    assert parse({"created_at": yaml.safe_load(time)}).created == datetime(2025, 1, 2, tzinfo=UTC).timestamp()
