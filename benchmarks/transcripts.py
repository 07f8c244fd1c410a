"""How long `interviewer transcripts` takes over many sessions, and whether its list is right.

    python benchmarks/transcripts.py [--files N] [--repeat N] [--smoke]

It makes N transcripts as chat writes them (`Transcript.create` and `add`, without waiting for the
disk), from the shipped sample, with other words, dates, models and scores in each. Then it runs
whole commands, from the start of the process to its end, in turns with `interviewer --version`, and
takes the median:

    cold           no index: every file is read, and the index written
    no cache       the same where no index can be written
    warm           the index is there: the list of the newest, all of it, JSON, and searches for a
                   word of one session and for one of every tenth
    after changes  files have come, gone, changed, been renamed and cut short since the last command

What is listed after each is compared with what the benchmark knows that it wrote: names, scores,
ends, and where the word was said. So is what two commands list that make the index at once. Exits
1 where a goal is missed or a list is wrong; `--smoke` takes few files, and minds the lists alone.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from interviewer.events import Answer, End, Event, Final, Graded, Note
from interviewer.transcript import Header, Transcript, load_transcript

INTERVIEWER = str(Path(sys.executable).with_name("interviewer"))
SAMPLE = Path(__file__).parents[1] / "transcripts" / "sample-complete-answer.jsonl"
MOST_WARM_S = 1.0
SETTLED_S = 2.5
"""Until a file that changed is taken from the index."""
VERSION = ["--version"]
RARE, TENTH = "zanzibar", "tangerine"
_WORDS = """
launch release orders customers support refund deadline meeting roadmap metric test rollback
checklist engineer designer manager week month decision mistake assumption feedback survey
budget quarter team owner review outcome revenue percent signal alert dashboard schedule
"""
_VOCABULARY = _WORDS.split()


@dataclass(slots=True)
class Kept:
    """What is known of a file that was written."""

    overall: float
    reason: str | None
    words: frozenset[str] = frozenset()


@dataclass(slots=True)
class Sessions:
    """The transcripts of a folder, and what stands in them."""

    folder: Path
    known: dict[str, Kept] = field(default_factory=dict)
    """File name -> what is known of it."""
    _choose: random.Random = field(default_factory=lambda: random.Random(5))  # noqa: S311
    _made: int = 0

    def add(self, count: int) -> None:
        """Write `count` more."""
        sample = load_transcript(SAMPLE)
        with patch.object(os, "fsync", lambda _: None):  # the disk is not what is measured
            for _ in range(count):
                self._write(sample.header, sample.events)

    def _write(self, header: Header, events: Sequence[Event]) -> None:
        number, self._made = self._made, self._made + 1
        overall = round(self._choose.uniform(1, 5), 2)
        words = frozenset({RARE} if number == 7 else {TENTH} if number % 10 == 3 else ())
        about = header.model_copy(
            update={
                "id": f"{number:032x}",
                "started_at": datetime(2030, 1, 1, tzinfo=UTC) + timedelta(minutes=7 * number),
                "model": self._choose.choice(["small", "medium", "large"]),
            }
        )
        with Transcript.create(self.folder, about) as transcript:
            for event in events:
                transcript.add(self._other(event, overall, words))
        self.known[transcript.path.name] = Kept(overall, "graded", words)

    def _other(self, event: Event, overall: float, words: frozenset[str]) -> Event:
        """Return an event with other words and scores, as long as it was."""
        match event:
            case Answer() | Final():
                said = self._choose.choices(_VOCABULARY, k=len(event.text.split()))
                text = " ".join([*said, *words]).capitalize() + "."
                return event.model_copy(update={"text": text})
            case Graded():
                return event.model_copy(update={"overall": overall, "calibrated": None})
            case _:
                return event

    def change(self, count: int) -> None:
        """Let `count` files each come, go, grow, be renamed, be cut short, and be no transcript."""
        names = self._choose.sample(sorted(self.known), 5 * count)
        gone, grown, renamed, cut, spoilt = (names[at::5] for at in range(5))
        self.add(count)
        for name in gone:
            (self.folder / name).unlink()
            del self.known[name]
        for name in grown:
            transcript, _ = Transcript.resume(self.folder / name)
            with transcript:
                transcript.add(Note(text="resumed"))
                transcript.add(End(reason="quit"))
            self.known[name].reason = "quit"
        for name in renamed:
            (self.folder / name).rename(self.folder / f"renamed-{name}")
            self.known[f"renamed-{name}"] = self.known.pop(name)
        for name in cut:
            path = self.folder / name
            path.write_bytes(path.read_bytes()[:-10])
            self.known[name].reason = None
        for name in spoilt:
            (self.folder / name).write_bytes(b"spoilt")
            del self.known[name]

    def expected(self, word: str | None = None) -> dict[str, tuple[float, str | None]]:
        """Return what has to be listed: name -> score and end."""
        return {
            name: (kept.overall, kept.reason)
            for name, kept in self.known.items()
            if word is None or word in kept.words
        }


class Bench:
    """Whole commands, with a home of their own."""

    def __init__(self, home: Path, sessions: Sessions) -> None:
        self._sessions = sessions
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("INTERVIEWER_", "OPENAI_", "XDG_"))
        }
        self.cache = home / "cache"
        self._environ = kept | {"HOME": str(home), "XDG_CACHE_HOME": str(self.cache)}

    def seconds(self, *args: str, environ: Mapping[str, str] | None = None) -> float:
        """Run a command once and return how long it took."""
        began = time.perf_counter()
        subprocess.run(
            [INTERVIEWER, *args],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environ | dict(environ or {}),
        )
        return time.perf_counter() - began

    def listing(self, *args: str) -> list[str]:
        """Return the arguments of a command that lists the folder."""
        return ["transcripts", str(self._sessions.folder), *args]

    def forget(self) -> None:
        """Delete the index."""
        for file in self.cache.glob("**/transcripts.sqlite*"):
            file.unlink()

    def faults(self, word: str | None = None) -> list[str]:
        """Return the names that are listed and should not be, or the other way round."""
        search = ["--search", word] if word else []
        return self._wrong(self._start("--json", *search), word)

    def together(self) -> list[str]:
        """Let two commands make the index at once, and return what either lists wrongly."""
        self.forget()
        both = [self._start("--json") for _ in range(2)]
        return [name for each in both for name in self._wrong(each, None)]

    def _start(self, *args: str) -> subprocess.Popen[bytes]:
        command = [INTERVIEWER, *self.listing(*args)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, env=self._environ)

    def _wrong(self, process: subprocess.Popen[bytes], word: str | None) -> list[str]:
        rows = json.loads(process.communicate()[0])["transcripts"]
        found = {Path(row["path"]).name: (row["overall"], row["reason"]) for row in rows}
        expected = self._sessions.expected(word)
        return sorted({name for name, _ in found.items() ^ expected.items()})

    def in_turns(self, ways: Mapping[str, list[str]], repeat: int) -> dict[str, float]:
        """Return the median seconds of each way, after one run of each that does not count."""
        for args in ways.values():
            self.seconds(*args)
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(repeat):
            for name, args in ways.items():
                times[name].append(self.seconds(*args))
        return {name: median(found) for name, found in times.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    name: str
    reached: str
    beside: str = ""
    goal: str = ""
    met: bool | None = None
    is_about_right: bool = False
    """Whether it says that a list is right, which holds of few files too."""


def lines_of(bench: Bench, sessions: Sessions, repeat: int) -> Iterator[Line]:
    count = len(sessions.known)
    time.sleep(SETTLED_S)
    version_s = bench.in_turns({"version": VERSION}, repeat)["version"]
    yield Line("seconds of interviewer --version", f"{version_s:.3f}")
    nowhere = {"XDG_CACHE_HOME": os.devnull}
    for name, environ in (("cold", {}), ("no cache", nowhere)):
        times = []
        for _ in range(min(repeat, 3)):
            bench.forget()
            times.append(bench.seconds(*bench.listing(), environ=environ))
        took_s = median(times)
        each_ms = 1000 * (took_s - version_s) / count
        yield Line(f"seconds, {name}", f"{took_s:.2f}", f"{each_ms:.2f} ms a file")
    bench.seconds(*bench.listing())
    size_mb = sum(file.stat().st_size for file in bench.cache.glob("**/transcripts.sqlite")) / 1e6
    files_mb = sum(file.stat().st_size for file in sessions.folder.iterdir()) / 1e6
    yield Line("MB of the index", f"{size_mb:.1f}", f"{files_mb:.0f} MB of transcripts")
    yield from _warm(bench, repeat)
    yield _right("the list", bench.faults())
    for word in (RARE, TENTH):
        yield _right(f"the search for {word}", bench.faults(word))
    sessions.change(max(1, count // 100))
    took_s = bench.seconds(*bench.listing())
    yield Line("seconds after changes to 6 % of the files", f"{took_s:.2f}")
    yield _right("the list after changes", bench.faults())
    for word in (RARE, TENTH):
        yield _right(f"the search for {word} after changes", bench.faults(word))
    yield _right("two lists that make the index at once", bench.together())
    yield _right("the list after those", bench.faults())


def _warm(bench: Bench, repeat: int) -> Iterator[Line]:
    ways = {
        "the newest 20": bench.listing(),
        "all": bench.listing("-n", "0"),
        "JSON": bench.listing("--json"),
        "the unfinished": bench.listing("--unfinished"),
        "search, one session": bench.listing("--search", RARE),
        "search, every tenth session": bench.listing("--search", TENTH),
    }
    found = bench.in_turns({"version": VERSION, **ways}, repeat)
    for name in ways:
        times = f"{found[name] / found['version']:.1f} x --version"
        met = found[name] <= MOST_WARM_S
        goal = f"{MOST_WARM_S:g} at most"
        yield Line(f"seconds warm, {name}", f"{found[name]:.2f}", times, goal, met)


def _right(name: str, wrong: Sequence[str]) -> Line:
    beside = ", ".join(wrong[:3])
    return Line(name, f"{len(wrong)} wrong", beside, "0", not wrong, is_about_right=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure interviewer transcripts.")
    parser.add_argument("--files", type=int, default=10_000, help="transcripts in the folder")
    parser.add_argument("--repeat", type=int, default=7, help="runs of each")
    parser.add_argument("--smoke", action="store_true", help="few files, to see that it works")
    given = parser.parse_args()
    files, repeat = (200, 1) if given.smoke else (given.files, given.repeat)
    table = Table("measure", "reached", "beside", "goal", "met")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        sessions = Sessions(Path(folder) / "sessions")
        sessions.add(files)
        for line in lines_of(Bench(Path(folder), sessions), sessions, repeat):
            counts = line.is_about_right or not given.smoke
            missed += line.met is False and counts
            print(f"{line.name}: {line.reached} {line.beside}", file=sys.stderr, flush=True)
            met = {None: "", True: "yes", False: "NO"}[line.met]
            table.add_row(line.name, line.reached, line.beside, line.goal, met)
    Console(width=120).print(table)
    if missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
