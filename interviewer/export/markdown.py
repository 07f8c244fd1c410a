"""A session as Markdown that every forge shows alike, and that reads well as it is.

What the candidate, the model and the guide said is text: whatever has a meaning in Markdown is
escaped, so no word of theirs is a link, a heading, a picture or HTML.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from interviewer.export.account import Account
from interviewer.export.comparison import Cell, compared
from interviewer.export.utterances import KINDS, Asked, Utterance
from interviewer.grade import DOUBT, Delivery, Grade
from interviewer.grading.guards import named
from interviewer.marking import Segment, marked
from interviewer.report.answers import Targets
from interviewer.terminal.console import clock_face
from interviewer.text import printable
from interviewer.transcript import Header

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~$&!^=]|:(?=//)|(?<=www)\.|@")
_AT_START = re.compile(r"^(?:[-+]|\d{1,9}(?=[.)](?:\s|$)))", re.MULTILINE)
_BLANKS = re.compile(r"[^\S\n]+")
_WHO = {"interviewer": "Interviewer", "candidate": "You"}


def markdown_of(account: Account, *, mark: str) -> str:
    """Return the whole document."""
    return "\n\n".join(part for part in _parts(account, mark) if part) + "\n"


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _AT_START.sub(_unlisted, _inline(" ".join(text.split())))


def quoted(text: str) -> str:
    """Return text as a block quote, its lines and paragraphs as they are."""
    return _quote(_inline(text))


def _inline(text: str) -> str:
    """Return text in which no character begins anything but a list."""
    return _MARKUP.sub(r"\\\g<0>", _BLANKS.sub(" ", printable(text)))


def _unlisted(found: re.Match[str]) -> str:
    """Escape what would begin a list; of a number it is the point behind it."""
    return f"{found[0]}\\" if found[0][0].isdigit() else f"\\{found[0]}"


def _quote(inline: str) -> str:
    """Put the mark of a quote before each line; a backslash keeps a line's end."""
    lines = _AT_START.sub(_unlisted, "\n".join(map(str.strip, inline.strip().split("\n"))))
    paragraphs = re.split(r"\n{2,}", lines)
    whole = "\n\n".join(part.replace("\n", "\\\n") for part in paragraphs)
    return "\n".join(f"> {line}".rstrip() for line in whole.split("\n"))


def _parts(account: Account, mark: str) -> Iterator[str]:
    yield f"<!-- {mark} -->"
    yield f"# {escaped(account.guide.question)}"
    yield from interview_parts(account)
    yield from footer(account.header)


def interview_parts(account: Account) -> Iterator[str]:
    """Yield what is told of an interview; its headings are of the second level and below."""
    targets = Targets(account.rubric)
    yield _facts(account)
    if grade := account.grade:
        yield from _scores(account, grade, targets)
    if account.stronger:
        yield "## What a stronger answer would add"
        yield _paragraph(account)
    yield from _answer(account, targets)
    yield from _gaps(account)
    if account.utterances:
        yield "## The conversation"
    for turn, said in groupby(account.utterances, attrgetter("turn")):
        yield f"### Turn {turn}"
        yield from (_utterance(each, account) for each in said)


def footer(header: Header) -> Iterator[str]:
    """Yield what stands below a document."""
    yield "---"
    yield (
        f"Written by interviewer {escaped(header.interviewer_version)}. The scores are a "
        "model's, not a person's: read the sentences that they rest on."
    )


def _facts(account: Account) -> str:
    header, guide = account.header, account.guide
    facts = {
        "When": f"{header.started_at:%Y-%m-%d %H:%M} UTC, {clock_face(account.length_s)} min",
        "Role": ", ".join(each for each in (guide.role, guide.level) if each),
        "Guide": guide.id,
        "Model": header.model,
    }
    return "\n".join(f"- {name}: {escaped(text)}" for name, text in facts.items() if text)


def _scores(account: Account, grade: Grade, targets: Targets) -> Iterator[str]:
    found = compared(account)
    yield "## Grade"
    head = [f"{column.name} {column.about}".strip() for column in found.columns]
    rows = [
        [f"{row.badge} {row.name}".strip(), *(_cell(cell) for cell in row.cells)]
        for row in found.rows
    ]
    yield _table(["", *head], rows)
    if any(cell.uncertain for row in found.rows for cell in row.cells):
        yield f"{DOUBT}."
    reasons = [f"- {escaped(account.name(each.target))}: {escaped(each.reason)}"
               for each in grade.missing]  # fmt: skip
    if reasons:
        yield "Missing:"
        yield "\n".join(reasons)
    if tips := _tips(grade, targets):
        yield "### Tips"
        yield tips
    if flags := [each for each in grade.flags if each.id not in targets.tips]:
        yield "### To look at"
        yield "\n".join(
            f"- **{escaped(named(flag.id, targets.tip_names))}**: {escaped(flag.text)}"
            for flag in flags
        )
    if grade.delivery:
        yield "### Delivery"
        yield _delivery(grade.delivery)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    made = [
        "| " + " | ".join(cells) + " |"
        for cells in (
            [escaped(cell) if cell[:3] != "---" else cell for cell in line] for line in lines
        )
    ]
    return "\n".join(made)  # fmt: skip


def _cell(cell: Cell) -> str:
    change = f" ({cell.change})" if cell.change else ""
    return f"{cell.text}{' ?' if cell.uncertain else ''}{change}"


def _tips(grade: Grade, targets: Targets) -> str:
    states = {True: "kept", False: "not kept", None: "not known"}
    lines = []
    for tip, kept in grade.tips.items():
        about = targets.tips[tip].text if kept is False and tip in targets.tips else ""
        line = f"- {escaped(targets.tip_names.get(tip, tip))}: {states[kept]}"
        lines.append(f"{line}. {escaped(about)}" if about else line)
    return "\n".join(lines)


def _delivery(told: Delivery) -> str:
    return (
        f"{told.words} words, about {clock_face(told.speaking_s)} min aloud; longest sentence "
        f"{told.longest_sentence} words. Fillers {told.fillers}, hedges {told.hedges}, figures "
        f"{told.figures}, I {told.i}, we {told.we}."
    )


def _paragraph(account: Account) -> str:
    assert account.stronger  # noqa: S101  seen by the caller
    styles = {"name": "**{}**", "quote": "\u201c{}\u201d"}
    made = []
    for words, style in account.stronger.pieces:
        text = escaped(words)
        lead = " " if words.startswith(" ") else ""
        trail = " " if words.endswith(" ") and words.strip() else ""
        made.append(lead + styles.get(style, "{}").format(text) + trail)
    return "".join(made)


def _answer(account: Account, targets: Targets) -> Iterator[str]:
    if not account.answer.strip():
        return
    kept = " (all that was said)" if account.final and account.final.kept else ""
    yield f"## The final answer{kept}" if account.final else "## The answer"
    evidence = account.grade.evidence if account.grade else []
    found = marked([account.answer], evidence)
    yield _quote("".join(_marked(each, targets) for each in found.texts[0]))
    if evidence:
        yield "The marks stand behind the evidence: a number for a criterion, a letter for a step."
    for each in found.lost:
        name = escaped(account.name(each.target))
        yield f"Evidence for {name} that is not in the text: \u201c{escaped(each.text)}\u201d"


def _marked(segment: Segment, targets: Targets) -> str:
    """Return a part of what was said, and behind it the marks of the evidence that ends there."""
    badges = [targets.by_id[each].badge for each in segment.ends if each in targets.by_id]
    mark = rf" **\[{' '.join(badges)}\]**" if badges else ""
    return _inline(segment.text) + mark


def _gaps(account: Account) -> Iterator[str]:
    if account.gaps or account.unasked:
        yield "## What was asked about"
    yield "\n".join(_gap(each) for each in account.gaps)
    if account.unasked:
        names = ", ".join(escaped(account.name(each)) for each in account.unasked)
        yield f"Left open and not asked about: {names}."


def _gap(gap: Asked) -> str:
    return (
        f"- **{escaped(gap.name)}** (turn {gap.probe.turn}), {_share(gap.before)} covered before "
        f"and {_share(gap.after)} after: {gap.closed}. \u201c{escaped(gap.probe.text)}\u201d"
    )


def _share(p: float | None) -> str:
    return "?" if p is None else f"{p:.0%}"


def _utterance(said: Utterance, account: Account) -> str:
    about = [clock_face(said.at_s), KINDS.get(said.kind, "")]
    if said.kind == "probe" and said.target:
        about.append(escaped(account.name(said.target)))
    if said.cut:
        about.append("stopped")
    head = f"**{_WHO[said.role]}** ({', '.join(each for each in about if each)})"
    return f"{head}\n\n{quoted(said.shown)}"
