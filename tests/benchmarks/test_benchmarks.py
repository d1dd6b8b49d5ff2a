"""Each benchmark at toy size: that it runs, and that nothing is lost, doubled, missed or sent beyond the limits.

Times are not judged here: a test must not fail because the machine was busy.
"""

from pathlib import Path

import pytest

from tests.benchmarks.measuring import Figure
from tests.benchmarks.suite import SUITE, Size
from tests.support import Missing, do_without


@pytest.mark.parametrize("name", SUITE)
def test_a_benchmark_at_toy_size_counts_nothing_lost(name: str, tmp_path: Path) -> None:
    try:
        figures = SUITE[name][Size.TOY](tmp_path)
    except Missing as missing:
        do_without(missing)

    assert figures
    assert [figure.name for figure in figures if figure.at_most == 0 and not figure.is_met] == []


def test_a_figure_is_met_when_it_is_within_its_bounds() -> None:
    at_most, at_least, free = Figure("a", 1.0, at_most=1.0), Figure("b", 0.9, at_least=1.0), Figure("c", 5.0)

    assert [at_most.is_met, at_least.is_met, free.is_met] == [True, False, True]
