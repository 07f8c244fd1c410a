"""The grammar of a guide document, plain or Markdown: lines in, a draft and its faults out.

    document  = question, { section }
    section   = heading, { prose | item | label }
    heading   = one of six known ones; with or without `#` or bold, in any case
    item      = number or bullet, name, ":", text        in goals, steps, tips
    label     = "Example" number [ "(weak)" ] [ ":" ]    in examples

Two rules settle what is ambiguous. A line without a blank line before it goes on with what stood
above. Prose after the last tip is the closing; other prose around items only leads in or out.
Pure text work: ids, values and files are `guide.py`'s.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from interviewer.guide_faults import Report, quoted
from interviewer.guide_lines import (
    ITEM,
    Line,
    bare,
    bullets,
    is_marked,
    line_of,
    paragraphs,
    prose,
    slug,
)

Kind = Literal["goal", "step", "tip"]
Section = Literal["preamble", "overview", "goals", "steps", "examples", "tips", "related"]

TITLES: dict[Section, tuple[str, re.Pattern[str]]] = {
    "overview": ("Understanding the Question", re.compile(r"understanding (the|this) questions?")),
    "goals": ("Interviewer's Goals", re.compile(r"(the )?interviewer('s|s'|s)? goals?")),
    "steps": ("How to Approach Your Answer", re.compile(r"how to approach (your|the) answers?")),
    "examples": (
        "Example Responses",
        re.compile(r"examples?|(example|sample) (responses?|answers?)( .*)?"),
    ),
    "tips": ("Tips for Success", re.compile(r"tips( for success)?")),
    "related": ("Related Questions", re.compile(r"related questions?( ?:.*)?")),
}
"""Section -> the title that faults name, and what a heading may read, in small letters."""

LONGEST_NAME = 80
"""Characters that the name of a goal, step or tip may have."""

_EMPHASIS = re.compile(r"([*_]{1,3})(?=\S)(?P<inside>.+?)\1")
_COLON = re.compile(r":(?=\s|$)|\uff1a")
_LABEL = re.compile(
    r"[#\s*_>]*example\s+[0-9]{1,3}(?:\s*\((?P<note>[^()]{1,40})\))?(?P<end>[\s*_:]*)(?P<rest>.*)",
    re.IGNORECASE,
)
_CLOSES_EARLY = re.compile(r"[^\"“”]*(?<=\S)[\"”](?!\w)")
_SENTENCE_ENDS = ".!?:;,\u2026\"\u201d'\u2019"
_COLONS_AND_DASHES = ":\uff1a-\u2013\u2014 "


@dataclass(frozen=True, slots=True)
class Entry:
    """One goal, step or tip."""

    name: str
    text: str
    slug: str
    line: int


@dataclass(slots=True)
class Draft:
    """A guide document taken apart."""

    question: str = ""
    overview: str = ""
    entries: dict[Kind, list[Entry]] = field(default_factory=dict)
    examples: list[tuple[str, bool | None]] = field(default_factory=list)
    """(text, whether it is labelled weak or strong) in order; None where the label is silent."""
    closing: str = ""
    role: str = ""
    related: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """A section's heading and the lines below it."""

    heading: Line
    lines: list[Line] = field(default_factory=list)
    has_items: bool = False


def parse_document(lines: Sequence[str], report: Report, *, first: int = 1) -> Draft:
    """Take a guide document apart; its faults go to `report`.

    Args:
        lines: The document below its front matter.
        report: Takes the faults.
        first: Number of the first of `lines` in the file, from 1.
    """
    blocks = _split([line_of(number, line) for number, line in enumerate(lines, first)], report)
    draft = Draft()
    _read_prose(blocks, draft, report, first)
    sections: tuple[tuple[Kind, Section], ...] = (("goal", "goals"), ("step", "steps"))
    for kind, section in sections:
        if section in blocks:
            draft.entries[kind], _ = _entries(blocks[section], kind, report)
        else:
            expected = f'a section "{TITLES[section][0]}" with named items'
            report.add(first, f"no {section}", expected)
    if "tips" in blocks:
        draft.entries["tip"], after = _entries(blocks["tips"], "tip", report)
        draft.closing = prose(after)
    if "examples" in blocks:
        draft.examples = _examples(blocks["examples"], report)
    if "related" in blocks:
        draft.role, draft.related = _related(blocks["related"])
    return draft


# ---- sections


def _split(lines: Sequence[Line], report: Report) -> dict[Section, _Block]:
    """Return the lines of each section; those of unknown or second ones are left out."""
    title = next((at for at, line in enumerate(lines) if line.text), 0)
    current = _Block(lines[title] if lines else Line(1, "", 0))
    blocks: dict[Section, _Block] = {"preamble": current}
    for at, line in enumerate(lines):
        section = _section(line.text)
        if section in blocks:
            where = f"the first stands on line {blocks[section].heading.number}"
            report.add(line.number, f"the section {quoted(bare(line.text))} twice", where)
            current = _Block(line)
        elif section:
            current = blocks[section] = _Block(line)
        elif at != title and _is_unknown_heading(lines, at, current):
            titles = ", ".join(name for name, _ in TITLES.values())
            report.add(
                line.number, f"unknown section {quoted(bare(line.text))}", f"one of {titles}"
            )
            current = _Block(line)
        else:
            current.lines.append(line)
            current.has_items = current.has_items or bool(ITEM.match(line.text))
    return blocks


def _section(text: str) -> Section | None:
    """Return the section that a line opens, if it does."""
    if not text or len(text) > 200:
        return None
    key = " ".join(bare(text).lower().replace("\u2019", "'").split())
    key = key.removesuffix(":").rstrip()
    found = next((name for name, (_, form) in TITLES.items() if form.fullmatch(key)), None)
    is_prose = found == "examples" and not is_marked(text) and not _is_short(key, 10)
    return None if is_prose else found


def _is_short(text: str, words: int) -> bool:
    return len(text.split()) <= words and text[-1] not in _SENTENCE_ENDS


def _is_unknown_heading(lines: Sequence[Line], at: int, block: _Block) -> bool:
    """Whether a line that opens no known section still looks like a heading.

    In plain text that is a short line that stands alone, begins like a name and has something
    below it; a lead-in or a farewell does not. A colon may end it where items stood above, as
    it then leads in to nothing of this section.
    """
    text = lines[at].text
    if _is_label(text):
        return False
    if is_marked(text):
        return True
    words = text.strip("*_ ")
    if block.has_items and all(word[0].isupper() for word in words.split() if len(word) > 3):
        words = words.removesuffix(":").rstrip("*_ ")
    if not words or words[0].islower() or not words[0].isalpha() or not _is_short(words, 8):
        return False
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    opens_list = block.has_items and ITEM.match(below)
    if lines[at - 1].text or (below and not opens_list):
        return False
    content = next((lines[on].text for on in range(at + 1, len(lines)) if lines[on].text), "")
    return bool(content) and not _section(content)


# ---- prose


def _read_prose(blocks: dict[Section, _Block], draft: Draft, report: Report, first: int) -> None:
    """Read the question (the first paragraph, or a heading) and the overview."""
    lines = blocks["preamble"].lines
    start = next((at for at, line in enumerate(lines) if line.text), len(lines))
    top = lines[start:]
    blank = next((at for at, line in enumerate(top) if not line.text), len(top))
    end = 1 if top and is_marked(top[0].text) else blank
    draft.question = " ".join(bare(" ".join(line.text for line in top[:end])).split())
    if not any(mark.isalnum() for mark in draft.question):
        report.add(first, "no question", "the interview question as the first line")
    overview = blocks["overview"].lines if "overview" in blocks else []
    draft.overview = prose([*top[end:], Line(0, "", 0), *overview])


# ---- items


def _entries(block: _Block, kind: Kind, report: Report) -> tuple[list[Entry], list[Line]]:
    """Return the items of a section whose names are right, and the prose after them."""
    items, after = bullets(block.lines)
    if not items and (kind != "tip" or any(line.text for line in block.lines)):
        report.add(block.heading.number, f"no {kind}s", 'numbered or bulleted items "Name: text"')
    entries: dict[str, Entry] = {}
    for line, whole in items:
        name, text = _name_and_text(whole)
        entry = Entry(name, text, slug(name), line.number)
        if not name:
            report.add(line.number, f"a {kind} without a name: {quoted(whole)}", '"Name: text"')
        elif len(name) > LONGEST_NAME:
            found = f"a {kind}'s name of {len(name)} characters: {quoted(name)}"
            report.add(line.number, found, f"a name of at most {LONGEST_NAME}")
        elif not entry.slug:
            found = f"a {kind}'s name without Latin letters or digits: {quoted(name)}"
            report.add(line.number, found, "a name that an id can be made from")
        elif first := entries.get(entry.slug):
            found = f"the {kind} {quoted(name)} twice"
            report.add(line.number, found, f"a name unlike that on line {first.line}")
        else:
            entries[entry.slug] = entry
    return list(entries.values()), after


def _name_and_text(whole: str) -> tuple[str, str]:
    """Split an item at its name, bold or before the first colon; the name is empty if absent."""
    if bold := _EMPHASIS.match(whole):
        inside, rest = bold["inside"].strip(), whole[bold.end() :].lstrip()
        if not rest or inside[-1] in ":\uff1a" or rest[0] in _COLONS_AND_DASHES:
            return inside.rstrip(_COLONS_AND_DASHES), rest.lstrip(_COLONS_AND_DASHES)
    colon = _COLON.search(whole)
    if not colon:
        return "", whole
    return re.sub(r"[*`]", "", whole[: colon.start()]).strip("_ "), whole[colon.end() :].strip()


# ---- examples and related questions


def _is_label(text: str) -> re.Match[str] | None:
    """Return the parts of a line like `Example 1 (weak):`; what follows needs a colon before."""
    label = _LABEL.match(text)
    if label and (not label["rest"] or ":" in label["end"] or is_marked(text)):
        return label
    return None


def _examples(block: _Block, report: Report) -> list[tuple[str, bool | None]]:
    groups: list[tuple[Line, bool | None, list[Line]]] = []
    for line in block.lines:
        label = _is_label(line.text)
        text = label["rest"] if label and not is_marked(line.text) else line.text
        if label:
            note = (label["note"] or "").lower()
            weak = True if "weak" in note else False if "strong" in note else None
            groups.append((line, weak, []))
        if groups and not (label and is_marked(line.text)):
            groups[-1][2].append(Line(line.number, text.lstrip("> "), 0))
    if not groups and any(line.text for line in block.lines):
        report.add(block.heading.number, "no example", 'a line "Example 1:" before the first')
    found = [(line, _unquoted(paragraphs(lines)), weak) for line, weak, lines in groups]
    for line, text, _ in found:
        if not text:
            report.add(line.number, "an example without text", "the answer below its label")
    return [(text, weak) for _, text, weak in found]


def _unquoted(paragraphs: Sequence[str]) -> str:
    """Join paragraphs and take off the quotes that open in the first and close in the last.

    A quote may also open each paragraph anew, as printers do.
    """
    text = "\n\n".join(paragraphs)
    if len(text) < 2 or text[0] not in '"“' or text[-1] not in '"”':
        return text
    if len(paragraphs) > 1 and all(part[0] in '"“' for part in paragraphs):
        return "\n\n".join(part[1:].rstrip('"”') for part in paragraphs)
    return text if _CLOSES_EARLY.match(text, 1, len(text) - 1) else text[1:-1].strip()


def _related(block: _Block) -> tuple[str, list[str]]:
    """Return the role after the heading's colon, and the related questions or else the role."""
    role = " ".join(bare(block.heading.text).partition(":")[2].strip(" *_.:").split())
    items, after = bullets(block.lines)
    questions = [text for _, text in items] or [line.text for line in after if line.text]
    return role, questions or [part for part in (role,) if part]


KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which ids are given out."""
