"""What a ledger says of a run, held against what had to be graded and what the endpoint did."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "results.jsonl"
_PARTICULAR = re.compile(r"[\d.]+|http\S+")


@dataclass(slots=True)
class Audit:
    """All that can be wrong, by the ids that it is wrong with."""

    ids: int
    graded: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why answers failed, without numbers and addresses."""
    lost: list[str] = field(default_factory=list)
    """No line."""
    unexplained: list[str] = field(default_factory=list)
    """Failed without a reason."""
    strangers: list[str] = field(default_factory=list)
    """A line, but no answer."""
    doubled: list[str] = field(default_factory=list)
    """More than one line of a single run, or graded more than once."""
    unreadable: int = 0
    """Lines that are no JSON."""
    paid_again: int = 0
    """Answers whose request was answered as it should be once more than once."""

    @property
    def faults(self) -> int:
        """How many things are wrong, not counting what was paid again."""
        wrong = (self.lost, self.unexplained, self.strangers, self.doubled)
        return sum(map(len, wrong)) + self.unreadable


def lines_of(out: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the lines of a ledger, and how many could not be read; none where there is none."""
    path = out / NAME
    found, unreadable = [], 0
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            unreadable += 1
    return found, unreadable


def audit(
    out: Path,
    ids: Iterable[str],
    runs: list[int],
    keys: dict[str, str],
    answered: dict[str, int],
) -> Audit:
    """Hold a ledger against what had to be graded.

    Args:
        out: The folder of the ledger.
        ids: Of all answers.
        runs: How many lines there were when each run began.
        keys: Id -> hash of the prompt about all of this answer.
        answered: Hash of a prompt -> how often the endpoint answered it as it should.
    """
    wanted = list(ids)
    lines, unreadable = lines_of(out)
    last = {line["id"]: line for line in lines}
    found = Audit(len(wanted), unreadable=unreadable)
    found.lost = [id for id in wanted if id not in last]
    found.strangers = sorted(last.keys() - set(wanted))
    for id, line in last.items():
        if line["status"] == "graded":
            found.graded += 1
        else:
            found.failed += 1
            found.reasons[_PARTICULAR.sub("#", line["error"] or "")[:90]] += 1
            if not line["error"]:
                found.unexplained.append(id)
    doubled = {
        id
        for begin, end in zip(runs, [*runs[1:], len(lines)], strict=True)
        for id, times in Counter(line["id"] for line in lines[begin:end]).items()
        if times > 1
    }
    graded = Counter(line["id"] for line in lines if line["status"] == "graded")
    found.doubled = sorted(doubled | {id for id, times in graded.items() if times > 1})
    found.paid_again = sum(max(0, answered.get(keys.get(id, ""), 0) - 1) for id in wanted)
    return found
