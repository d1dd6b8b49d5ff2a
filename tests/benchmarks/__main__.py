"""``python -m tests.benchmarks [name ...] [--size toy|usual|long] [--json]``: measure; say what is met and what not.

Times are the machine's: compare the ratios. Nothing else should run meanwhile.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks.measuring import Figure
from tests.benchmarks.suite import SUITE, Size


def main() -> int:
    """Run what was asked for; the exit status is 1 where a target is missed."""
    asked = _arguments()
    measured: dict[str, Sequence[Figure]] = {}
    for name in asked.names or SUITE:
        with tempfile.TemporaryDirectory(prefix="cohort-benchmark-") as folder:
            measured[name] = SUITE[name][Size(asked.size)](Path(folder))
        if not asked.json:
            print(_table(name, measured[name]), flush=True)
    if asked.json:
        print(
            json.dumps(
                {
                    name: [asdict(figure) | {"is_met": figure.is_met} for figure in figures]
                    for name, figures in measured.items()
                },
                indent=1,
            )
        )
    return 0 if all(figure.is_met for figures in measured.values() for figure in figures) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*SUITE, []], metavar="name", help=", ".join(SUITE))
    parser.add_argument("--size", choices=[str(size) for size in Size], default=str(Size.USUAL))
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _table(name: str, figures: Sequence[Figure]) -> str:
    return "\n".join([name, *(_line(figure) for figure in figures)])


def _line(figure: Figure) -> str:
    verdict = "" if not figure.target else "met" if figure.is_met else "MISSED"
    note = f"  ({figure.note})" if figure.note else ""
    return f"  {figure.name:<52} {figure.value:>12,.2f} {figure.unit:<4} {figure.target:<8} {verdict}{note}"


if __name__ == "__main__":
    sys.exit(main())
