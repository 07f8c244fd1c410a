"""A persona: how a simulated candidate behaves, read from a document like a guide.

    ---
    tells: 0.4            # how much of the story at first: all, none, or a share of its steps
    briefly: true         # only how each part begins, until it is asked for
    asked: tells          # what a probe gets: tells (that part), repeats, or lines
    final: all            # at the end: all that was told, keep, or lines
    fillers: um, you know
    most: 2.0             # a higher final grade is odd
    never: pineapple      # words that the interviewer must never say
    ---

    # Name: what is typical

    ## Who This Is           for people, and for a model that plays it
    ## How They Speak        the same
    ## What They Ask First   bullets: requests that come before the first answer
    ## What They Say First   bullets, as all below: one is said
    ## What They Say When Asked
    ## What They Say at the End
    ## What They Say in Between

Only *Who This Is* is always needed; the lists where the front matter asks for lines.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from interviewer.front_reader import Reader, inside_fences
from interviewer.guide_faults import FaultyGuideError, Report, quoted
from interviewer.guide_file import find_guide, list_guides, read_document
from interviewer.guide_lines import Line, bare, bullets, is_marked, line_of, lines_in, prose
from interviewer.value import Value

Asked = Literal["tells", "repeats", "lines"]
End = Literal["all", "keep", "lines"]
KEYS = ("tells", "briefly", "asked", "final", "fillers", "most", "never")
TITLES = {
    "who": "Who This Is",
    "speech": "How They Speak",
    "requests": "What They Ask First",
    "first": "What They Say First",
    "when_asked": "What They Say When Asked",
    "at_the_end": "What They Say at the End",
    "between": "What They Say in Between",
}
"""Section -> its heading; the last five are lists of lines."""
_PROSE = ("who", "speech")

Lines = tuple[str, ...]


class Persona(Value):
    """How a simulated candidate behaves."""

    id: str
    name: str
    who: str
    speech: str = ""
    tells: float = Field(default=1.0, ge=0, le=1)
    """Share of the story's parts that is told at first."""
    briefly: bool = False
    """Whether only the beginning of a part is told until it is asked for."""
    asked: Asked = "tells"
    """What a probe gets: the part that it asks for, what was said before, or a line."""
    final: End = "all"
    """What is given at the end: all that was told, `keep`, or a line."""
    fillers: Lines = ()
    most: Annotated[float, Field(ge=1, le=5)] = 5.0
    """The best final grade that is plausible for it."""
    never: Lines = ()
    """Words that the interviewer must never say: what an order asks for."""
    requests: Lines = ()
    """What may be asked for before the first answer."""
    first: Lines = ()
    when_asked: Lines = ()
    at_the_end: Lines = ()
    between: Lines = ()
    """What is said between the parts of the story."""

    @property
    def needs_story(self) -> bool:
        """Whether it has anything to tell of a story."""
        return self.tells > 0 or self.asked == "tells"

    @property
    def varies(self) -> bool:
        """Whether another seed makes another interview."""
        choices = (self.requests, self.first, self.when_asked, self.at_the_end, self.between)
        # What a story has told already is told again, some part of it.
        again = self.asked == "repeats" or (self.asked == "tells" and not self.when_asked)
        many = any(len(each) > 1 for each in choices)
        return 0 < self.tells < 1 or bool(self.fillers) or many or again


def parse_persona(text: str, *, source: str = "persona") -> Persona:
    """Parse a persona document.

    Args:
        text: The whole document.
        source: File name that faults carry; its stem is the id.

    Raises:
        FaultyGuideError: The document has faults; the error holds all of them.
    """
    report = Report(source)
    lines = lines_in(text)
    inside, start, length = inside_fences(lines, report)
    settings = _settings(inside, Reader(start, report), report)
    name, sections = _sections(lines[length:], length + 1, report)
    if not report.faults:
        _check_lines(settings, sections, report)
    if report.faults:
        raise FaultyGuideError(report.faults, hint="mend these lines; docs/simulation.md")
    return Persona(id=Path(source).stem, name=name, **settings, **sections)


def _settings(inside: Sequence[str], reader: Reader, report: Report) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, node in reader.pairs(reader.compose(inside), KEYS, "front matter"):
        word = reader.word(key, node)
        if word is None:
            continue
        value, expected = _value(key, word)
        if value is None:
            report.add(reader.line(node), f"{key}: {quoted(word)}", expected)
        else:
            found[key] = value
    return found


def _value(key: str, word: str) -> tuple[object | None, str]:
    """Return what a key's word means, None where it means nothing, and what was expected."""
    if key == "tells":
        expected = "all, none, or a share of the story such as 0.4"
        return {"all": 1.0, "none": 0.0}.get(word, _number(word, 0, 1)), expected
    if key == "briefly":
        return {"true": True, "false": False}.get(word.lower()), "true or false"
    if key == "most":
        return _number(word, 1, 5), "a grade from 1 to 5"
    if key in ("fillers", "never"):
        return tuple(part.strip() for part in word.split(",") if part.strip()), "words"
    options = get_args(Asked if key == "asked" else End)
    return (word if word in options else None), f"one of {', '.join(options)}"


def _number(word: str, low: float, high: float) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if low <= value <= high else None


def _sections(lines: Sequence[str], first: int, report: Report) -> tuple[str, dict[str, Any]]:
    """Return the heading and what each section holds."""
    name, blocks = "", dict[str, tuple[Line, list[Line]]]()
    current: list[Line] = []
    known = {title.lower(): key for key, title in TITLES.items()}
    for line in (line_of(number, raw) for number, raw in enumerate(lines, first)):
        if not is_marked(line.text):
            if line.text and not name and not blocks:
                expected = "a heading; front matter begins and ends with a line of ---"
                report.add(line.number, "text before the first heading", expected)
            current.append(line)
        elif key := known.get(bare(line.text).lower().rstrip(":")):
            if key in blocks:
                report.add(line.number, f"the section {quoted(TITLES[key])} twice", "one")
            current = []
            blocks[key] = (line, current)
        elif not name and not blocks:
            name = bare(line.text)
        else:
            expected = f"one of {', '.join(TITLES.values())}"
            report.add(line.number, f"unknown section {quoted(bare(line.text))}", expected)
            current = []
    if not name:
        report.add(first, "no name", "a heading such as # Thin: says little")
    if "who" not in blocks:
        report.add(first, "no section on who this is", f"## {TITLES['who']}")
    return name, {key: _content(key, *block, report) for key, block in blocks.items()}


def _content(key: str, heading: Line, lines: Sequence[Line], report: Report) -> str | Lines:
    if key in _PROSE:
        return prose(lines)
    found, _ = bullets(lines)
    if not found:
        report.add(heading.number, f"no lines in {quoted(TITLES[key])}", '"- what they say"')
    return tuple(text for _, text in found)


def _check_lines(
    settings: Mapping[str, object], sections: Mapping[str, object], report: Report
) -> None:
    """Name the sections that what the front matter says makes necessary."""
    needed = [
        (settings.get("tells", 1.0) == 0.0, "tells: none", "first"),
        (settings.get("asked") == "lines", "asked: lines", "when_asked"),
        (settings.get("final") == "lines", "final: lines", "at_the_end"),
    ]
    for is_needed, why, key in needed:
        if is_needed and key not in sections:
            report.add(1, f"{why} without lines", f"## {TITLES[key]}, with bullets")


def load_persona(path: Path) -> Persona:
    """Read a persona from a file.

    Raises:
        GuideError: It can't be read, or is no text.
        FaultyGuideError: The document has faults.
    """
    return parse_persona(read_document(path, "persona"), source=str(path))


def find_personas(name: str, folders: Sequence[Path]) -> list[Persona]:
    """Return the personas that a name, a path, several names with commas between, or `all` mean.

    Raises:
        GuideError: There is none of that name, or it has faults.
    """
    if name == "all":
        return [load_persona(path) for path in list_guides(folders)]
    names = [part.strip() for part in name.split(",") if part.strip()]
    return [load_persona(find_guide(each, folders, "persona")) for each in names]
