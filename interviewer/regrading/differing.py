"""What of a session would differ today: templates, guide, model, version, and what follows.

The header of a transcript holds the hash of each template, and the guide as a whole; these are
compared. Then the session is rehearsed, so that a change which no hash tells of is found as well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from interviewer import __version__
from interviewer.batch.grader import grades_by
from interviewer.errors import InterviewerError
from interviewer.events import Graded
from interviewer.grading.calibration import Calibration
from interviewer.guide import Guide
from interviewer.prompts import Prompts
from interviewer.regrading.by_guide import for_the_job
from interviewer.regrading.past import Source, guide_of, load_one
from interviewer.regrading.rehearsing import Finding, Rehearsal, rehearse
from interviewer.transcript import Header, Recorded, interviews_of, load_transcript, number_of

_ABOUT_THE_GRADE = {
    *("question", "role", "level", "goals", "steps", "tips"),
    *("examples", "checks", "labels", "demonstrations"),
}
"""Parts of a guide that a grade depends on."""
_HASH = 8
"""Digits of a hash that are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    kind: Literal["template", "guide", "model", "version", "calibration", "session"]
    name: str
    """Of the template, of the guide's part; or what would go otherwise."""
    then: str
    today: str
    grade: bool
    """Whether the grade depends on it."""
    used: bool | None = None
    """Of a template: whether this session needs it."""
    interview: int | None = None
    """Which one of a session of several; None: the only one, or all of them."""


@dataclass(frozen=True, slots=True)
class Today:
    """What a session is compared with."""

    prompts: Prompts
    model: str
    """Name of the model that would be used."""
    kind: tuple[bool, bool]
    """Whether it runs on this machine, and is asked about all sentences at once."""
    calibration: Calibration | None
    guide: Callable[[str], Guide]
    """Path or name, as a transcript has it -> the guide that it means now."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a session came to."""

    path: Path
    differences: tuple[Difference, ...] = ()
    rendered: int = 0
    """Prompts that were rendered again."""
    templates: int = 0
    """Templates that they were made from."""
    error: str = ""
    """Why nothing can be said."""

    @property
    def same(self) -> bool:
        """Whether nothing would differ."""
        return not self.differences and not self.error


async def verify(path: Path, today: Today, interview: int | None = None) -> Verified:
    """Say what of a session would differ today; nothing is asked, and nothing is written.

    Args:
        path: The transcript.
        today: What it is compared with.
        interview: The number of the one that is looked at; None: all of them.

    Returns:
        With `error` where the transcript can't be read.
    """
    try:
        recorded = load_transcript(path)
        if recorded.header.plan is None and interview is None:
            return await _verify(recorded, today)
        parts = interviews_of(recorded)
        if interview is not None or not parts:
            parts = [load_one(Source(path, interview))]
        found = {number_of(part.header): await _verify(part, today) for part in parts}
    except InterviewerError as error:
        return Verified(path, error=str(error))
    return Verified(
        path,
        _together({number: one.differences for number, one in found.items()}),
        sum(one.rendered for one in found.values()),
        max(one.templates for one in found.values()),
    )


def _together(found: Mapping[int, Sequence[Difference]]) -> tuple[Difference, ...]:
    """Return the differences of several interviews; what all of them have is told once."""
    first = next(iter(found.values()))
    common = [
        each
        for each in first
        # Guides and what was said are each interview's own, even where they read alike.
        if each.kind not in {"guide", "session"} and all(each in one for one in found.values())
    ]
    if len(found) == 1:
        common = []
    rest = (
        replace(each, interview=number)
        for number, one in found.items()
        for each in one
        if each not in common
    )
    return (*common, *rest)


async def _verify(recorded: Recorded, today: Today) -> Verified:
    """Say what of one interview would differ today.

    Raises:
        TranscriptError: The guide that it carries can't be used.
    """
    path, header = recorded.path, recorded.header
    guide = guide_of(header, path)
    by_own = await rehearse(header, recorded.events, guide, today.prompts, today.kind)
    found = [*_templates(header, today.prompts, by_own.used), *_others(recorded, today)]
    changed, now = _guide(header, guide, today.guide)
    found += [*changed, *map(_as_difference, by_own.findings)]
    if now and now != guide:
        by_now = await rehearse(header, recorded.events, now, today.prompts, today.kind)
        found += [_as_difference(each) for each in _only(by_now, by_own)]
    return Verified(path, tuple(found), by_own.rendered, len(by_own.used))


def _templates(header: Header, prompts: Prompts, asked: set[str]) -> Iterator[Difference]:
    then, now = header.prompts, prompts.hashes()
    if not then:
        yield Difference("template", "all", "not recorded", "", grade=True)
        return
    used = prompts.with_parts(asked)
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            yield Difference(
                "template",
                name,
                then.get(name, "")[:_HASH] or "not there",
                now.get(name, "")[:_HASH] or "gone",
                grade=grades_by(name),
                used=name in used if name in now else None,
            )


def _others(recorded: Recorded, today: Today) -> Iterator[Difference]:
    header = recorded.header
    if header.model != today.model:
        yield Difference("model", "", header.model, today.model, grade=True)
    if header.interviewer_version != __version__:
        yield Difference("version", "", header.interviewer_version, __version__, grade=True)
    grade = next((each for each in recorded.events if isinstance(each, Graded)), None)
    if grade:
        then = grade.calibrated.name if grade.calibrated else "none"
        now = today.calibration.name if today.calibration else "none"
        if then != now:
            yield Difference("calibration", "", then, now, grade=True)


def _guide(
    header: Header, guide: Guide, load: Callable[[str], Guide]
) -> tuple[list[Difference], Guide | None]:
    """Return what differs in the guide, and the guide of today where there is one."""
    try:
        now = for_the_job(load(header.guide_source), header)
    except InterviewerError as error:
        return [Difference("guide", header.guide_source, "", error.what, grade=True)], None
    then_parts, parts = guide.model_dump(), now.model_dump()
    return [
        Difference(
            "guide",
            name,
            _part(then_parts[name]),
            _part(value),
            grade=name in _ABOUT_THE_GRADE,
        )
        for name, value in parts.items()
        if value != then_parts[name]
    ], now


def _part(value: object) -> str:
    """Return a part of a guide in a few words."""
    if isinstance(value, tuple):
        ids = [each.get("id") or each.get("word") for each in value if isinstance(each, Mapping)]
        names = ", ".join(str(each) for each in ids if each)
        return f"{len(value)}: {names}" if names else f"{len(value)}"
    return str(value) if value else "none"


def _as_difference(finding: Finding) -> Difference:
    place = f"turn {finding.turn}: {finding.what}" if finding.turn else finding.what
    template = finding.template
    about = finding.grade or bool(template and grades_by(template))
    return Difference("session", place, finding.then, finding.today, grade=about)


def _only(by_now: Rehearsal, by_own: Rehearsal) -> list[Finding]:
    """Return what is found with the guide of today alone."""
    return [each for each in by_now.findings if each not in by_own.findings]
