"""How well `interviewer.planning.same_story` tells two tellings of one story from two stories.

    python benchmarks/same_story.py [FILE] [--other FILE] [--show]

FILE has JSON lines with `id` (STORY.VARIANT) and `answer`: all pairs of one STORY are to be found,
none of two; exits 1 where one of two is. `--other` has lines with `id` and `turns` of real
interviews by different people, of whom no two have a story in common; the ids `p7` and `pp7` are
one person's.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from interviewer.planning.same_story import shared_by
from interviewer.rare_words import Rare, rare_of

CASES = Path(__file__).parent / "cases" / "failure-ablations.jsonl"
LONG = 60
"""Words of an answer that may hold a story."""
Told = tuple[str, str, Rare]
"""Whose story it is, which telling, what is rare in it."""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", default=CASES)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--smoke", action="store_true", help="as short as it is anyway")
    parser.add_argument("--show", action="store_true", help="name the pairs that are wrong")
    given = parser.parse_args()
    tellings = [
        (*row["id"].partition(".")[::2], rare_of(row["answer"])) for row in rows(given.file)
    ]
    wrong = report(tellings, show=given.show)
    if given.other:
        wrong += report(list(spoken(rows(given.other))), show=given.show)
    return 1 if wrong else 0


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def spoken(interviews: Iterable[dict[str, Any]]) -> Iterator[Told]:
    for row in interviews:
        said = [turn["text"] for turn in row["turns"] if turn["role"] == "candidate"]
        for at, text in enumerate(said):
            if len(text.split()) >= LONG:
                yield row["id"].lstrip("p"), f"{row['id']}/{at}", rare_of(text)


def report(tellings: list[Told], *, show: bool) -> int:
    """Print both counts; return how many pairs of two stories were called one."""
    found: dict[bool, list[tuple[bool, str]]] = {True: [], False: []}
    for (one, first, a), (other, second, b) in combinations(tellings, 2):
        shared = shared_by(a, b)
        about = f"{one} {first}, {other} {second}: {', '.join(shared)}"
        found[one == other].append((bool(shared), about))
    for same, name in ((True, "pairs of one story or person"), (False, "pairs of two")):
        pairs = found[same]
        print(f"{name}: {sum(hit for hit, _ in pairs):,} of {len(pairs):,} called the same story")
        for hit, about in pairs if show else ():
            if hit != same:
                print(f"  {about}")
    return sum(hit for hit, _ in found[False])


if __name__ == "__main__":
    sys.exit(main())
