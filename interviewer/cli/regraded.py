"""What `--regrade`, `--verify` and `--reask` print: drawn, or as one JSON object."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from interviewer.comparing import Comparison, Move
    from interviewer.events import Probe
    from interviewer.llm import Usage
    from interviewer.llm.allowance import Prices
    from interviewer.regrading.again import Outcome
    from interviewer.regrading.asking import Moment
    from interviewer.regrading.differing import Difference, Verified
    from interviewer.regrading.past import AnyGraded, Past, Source
    from interviewer.terminal.regrade_view import Drawn


def told(outcome: "Outcome") -> str:
    """Say in a few words what became of a session."""
    if outcome.status == "failed":
        return f"failed: {outcome.error}"
    found = outcome.comparison
    assert found  # noqa: S101  what did not fail has both grades
    scores = (found.overall.old, found.overall.new)
    old, new = ("none" if score is None else f"{score:.2f}" for score in scores)
    how = "graded by the same before" if outcome.status == "kept" else "graded"
    return f"{old} before, {new} now ({how})"


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to."""

    sources: "Sequence[Source]"
    outcomes: "list[Outcome]"
    """Grows while the run goes on."""
    prices: "Prices"
    fail_if_moved: float | None = None

    def draw(self, *, as_json: bool) -> int:
        """Print it and return the exit code: 1 if a session failed, or a score moved too far."""
        if as_json:
            click.echo(json.dumps(self._as_json()))
        else:
            self._draw()
        return 1 if self._failed() or self._moved() else 0

    def estimate(self, *, as_json: bool) -> int:
        """Print what it would take, after a run whose model only counted."""
        from interviewer.batch.estimate import Estimate
        from interviewer.terminal.batch_view import draw_failures, draw_note

        used = self._used()
        kept = sum(each.status == "kept" for each in self.outcomes)
        failed = [each for each in self._ordered() if each.status == "failed"]
        found = Estimate(
            answers=len(self.outcomes),
            kept=kept,
            unreadable=len(failed),
            calls=used.calls,
            prompt=used.prompt,
            completion=used.completion,
        )
        if as_json:
            click.echo(json.dumps(found.as_json(self.prices)))
        else:
            draw_note(found.told(self.prices))
            told = {each.source.told: each.error for each in failed}
            draw_failures(told, len(failed), most=50)
        return 1 if failed else 0

    def _ordered(self) -> "list[Outcome]":
        return sorted(self.outcomes, key=lambda each: self.sources.index(each.source))

    def _failed(self) -> "list[Outcome]":
        """Return what could not be graded, or whose new grade could not be kept."""
        return [each for each in self._ordered() if each.error]

    def _compared(self) -> "list[tuple[Outcome, Comparison]]":
        return [(each, found) for each in self._ordered() if (found := each.comparison)]

    def _moved(self) -> "list[tuple[Outcome, Move]]":
        points = self.fail_if_moved
        if points is None:
            return []
        return [(each, move) for each, found in self._compared() for move in found.moved(points)]

    def _used(self) -> "Usage":
        from interviewer.llm import Usage

        total = Usage()
        for each in self.outcomes:
            total.prompt += each.used.prompt
            total.cached += each.used.cached
            total.completion += each.used.completion
            total.calls += each.used.calls
        return total

    def _cost(self) -> float | None:
        used = self._used()
        return self.prices.cost(used.prompt, used.completion) if self.prices.known else None

    def _draw(self) -> None:
        from interviewer.comparing import shift_of
        from interviewer.terminal.batch_view import draw_failures, draw_note
        from interviewer.terminal.console import words
        from interviewer.terminal.regrade_view import ComparisonView, ManyView, draw

        drawn = [_drawn(each, found, self.sources) for each, found in self._compared()]
        if len(drawn) == 1:
            draw(ComparisonView(drawn[0]))
        elif drawn:
            names = {id: name for each in drawn for id, name in each.names.items()}
            shift = shift_of({each.name: each.comparison for each in drawn})
            draw(ManyView(drawn, shift, names))
        if drawn:
            draw(words(f"\n{self._summed()}"))
        for note in dict.fromkeys(note for each in self._ordered() for note in each.notes):
            draw_note(f"note: {note}", stderr=True)
        failed = {each.source.told: each.error for each in self._failed()}
        draw_failures(failed, len(failed), most=len(failed))
        self._draw_moved()

    def _draw_moved(self) -> None:
        from interviewer.terminal.batch_view import draw_note, figure

        found = self._moved()
        if found:
            draw_note(f"moved by {self.fail_if_moved:g} points or more:", stderr=True)
        for outcome, move in found:
            name = _names(outcome).get(move.target, "Overall")
            scores = f"from {figure(move.old)} to {figure(move.new)}"
            draw_note(f"  {outcome.source.told}: {name} {scores}", stderr=True)

    def _summed(self) -> str:
        graded = sum(each.status == "graded" for each in self.outcomes)
        kept = sum(each.status == "kept" for each in self.outcomes)
        before = f", {kept} graded by the same before" if kept else ""
        used, cost = self._used(), self._cost()
        cached = f" ({used.cached:,} from the cache)" if used.cached else ""
        money = "" if cost is None else f"; cost {cost:.4f}"
        return (
            f"{graded} graded{before}: {used.calls:,} calls, {used.prompt:,} tokens read{cached}, "
            f"{used.completion:,} written{money}."
        )

    def _as_json(self) -> dict[str, Any]:
        from interviewer.comparing import shift_of

        compared = self._compared()
        of = {each.source.told: _which(each.source) for each, _ in compared}
        shift = shift_of({each.source.told: found for each, found in compared})
        largest = [of[name] | _move(move) for name, move in shift.largest]
        used = asdict(self._used()) | {"cost": self._cost()}
        used.pop("pending")
        return {
            "files": [_as_json(each) for each in self._ordered()],
            "shift": asdict(shift) | {"largest": largest},
            "moved": [_which(each.source) | _move(move) for each, move in self._moved()],
            "usage": used,
        }


def _which(source: "Source") -> dict[str, Any]:
    """Return what tells an interview for programs; the only one of a file has no number."""
    return {"file": str(source.path), "interview": source.interview}


def _as_json(outcome: "Outcome") -> dict[str, Any]:
    found = outcome.comparison
    return {
        **_which(outcome.source),
        "status": outcome.status,
        "error": outcome.error or None,
        "notes": list(outcome.notes),
        "old": outcome.old and outcome.old.model_dump(mode="json"),
        "new": outcome.new and outcome.new.model_dump(mode="json"),
        "comparison": found and _comparison(found),
    }


def _comparison(found: "Comparison") -> dict[str, Any]:
    from pydantic import TypeAdapter

    told: dict[str, Any] = TypeAdapter(type(found)).dump_python(found, mode="json")
    return told | {"moves": [_move(move) for move in found.moves]}


def _move(move: "Move") -> dict[str, Any]:
    return asdict(move) | {"points": move.points}


def _names(outcome: "Outcome") -> Mapping[str, str]:
    from interviewer.rubric import rubric_of

    both = [each for each in (outcome.past and outcome.past.guide, outcome.guide) if each]
    return {id: name for each in both for id, name in rubric_of(each).names.items()}


def _drawn(outcome: "Outcome", found: "Comparison", sources: "Sequence[Source]") -> "Drawn":
    from interviewer.terminal.regrade_view import Drawn

    past, old, new = outcome.past, outcome.old, outcome.new
    assert past and old and new  # noqa: PT018, S101  they were compared
    files = {each.path for each in sources}
    same = [each for each in files if each.name == outcome.path.name]
    short = outcome.path.name + outcome.source.place
    return Drawn(
        short if len(same) == 1 and len(sources) > 1 else outcome.source.told,
        found,
        _names(outcome),
        _given(old, past),
        _given(new, past),
    )


def _given(grade: "AnyGraded", past: "Past") -> str:
    """Return when and by whom a grade was given."""
    from interviewer.events import Regraded

    by = grade if isinstance(grade, Regraded) else None
    at, model = (by.at, by.model) if by else (past.header.started_at, past.header.model)
    return f"{at.astimezone():%Y-%m-%d %H:%M} by {model}"


def draw_verified(found: "Sequence[Verified]", *, as_json: bool) -> int:
    """Print what would differ today and return the exit code: 0 where nothing would."""
    from interviewer.terminal.batch_view import draw_note
    from interviewer.terminal.regrade_view import DifferingView, draw

    same = all(each.same for each in found)
    if as_json:
        files = [
            {name: value for name, value in asdict(each).items() if name != "path"}
            | {"file": str(each.path), "error": each.error or None, "same": each.same}
            for each in found
        ]
        click.echo(json.dumps({"same": same, "files": files}))
        return 0 if same else 1
    rows = [(each.path.name, *_cells(one)) for each in found for one in each.differences]
    if rows:
        draw(DifferingView(rows))
        draw_note("")
    for each in found:
        if not each.error:
            many = len(each.differences)
            verdict = f"{many} difference{'s' if many != 1 else ''}" if many else "nothing differs"
            rendered = f"{each.rendered} prompts of {each.templates} templates rendered again"
            draw_note(f"{each.path}: {verdict}; {rendered}")
    for each in found:
        if each.error:
            draw_note(each.error, stderr=True)
    return 0 if same else 1


def _cells(each: "Difference") -> tuple[str, str, str, str]:
    what = each.name if each.kind == "session" else f"{each.kind} {each.name}".rstrip()
    if each.interview is not None:
        what = f"interview {each.interview}, {what}"
    matters = "the grade" if each.grade else "the talk"
    return what, each.then, each.today, "nothing here" if each.used is False else matters


def draw_probes(moment: "Moment", new: "Probe", model: str, *, as_json: bool) -> None:
    """Print a probe as it was asked, and as it would be asked now."""
    from interviewer.terminal.batch_view import draw_note
    from interviewer.terminal.regrade_view import ProbesView, draw

    if as_json:
        told = {
            **_which(moment.source),
            "turn": moment.turn,
            "target": moment.gap.id,
            "old": moment.probe.model_dump(mode="json") | {"model": moment.header.model},
            "new": new.model_dump(mode="json") | {"model": model},
        }
        click.echo(json.dumps(told))
        return
    by = (moment.header.model, model)
    draw_note(f"{moment.source.told}, turn {moment.turn}")
    draw(ProbesView(moment.probe, new, about=moment.gap.name, by=by))
