"""The front matter of a guide: optional YAML between two `---` lines at the top.

    ---
    role: Product Manager
    level: senior
    kind: behavioural
    id: failed-as-a-product-manager
    draft: false
    competencies:
      accountability: ownership
    checks:
      - target: accountability
        statement: names an own decision that led to the failure
        negative: false
      - target: communication
        measure: order
    labels:
      - word: mistake
        about: what the candidate decided, skipped or assumed wrongly
        shows: accountability, focus-on-your-actions
        against: be-honest
        own: true
    demonstrations:
      - - mistake: I skipped the test because I was sure of the plan.
        - other: Thank you for having me.
    ---

How YAML is read, `front_reader.py` says.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from interviewer.front_reader import Reader, inside_fences
from interviewer.guide_faults import Report, quoted

KEYS = (
    *("role", "level", "kind", "id", "draft", "competencies"),
    *("checks", "labels", "demonstrations"),
)
"""What front matter may say."""

_CHECK = ("target", "statement", "measure", "rating", "typical", "spread", "each", "negative")
_LABEL = ("word", "about", "shows", "against", "own", "fact")


@dataclass(frozen=True, slots=True)
class FrontCheck:
    """A check as the front matter words it, with the line (from 1) of its target."""

    target: str
    statement: str
    measure: str
    rating: str
    scale: tuple[float, float] | None
    """`typical` and `spread` where given."""
    each: bool
    negative: bool
    line: int


@dataclass(frozen=True, slots=True)
class FrontLabel:
    """A label as the front matter words it, with its line (from 1)."""

    word: str
    about: str
    shows: tuple[str, ...]
    against: tuple[str, ...]
    own: bool
    fact: bool
    line: int


@dataclass(frozen=True, slots=True)
class FrontSentence:
    """A sentence of a demonstration and its label, with its line (from 1)."""

    word: str
    text: str
    line: int


@dataclass(slots=True)
class FrontMatter:
    """What the front matter says."""

    words: dict[str, tuple[str, int]] = field(default_factory=dict)
    """`role`, `level`, `kind`, `id` where given -> its text and its line, from 1."""
    draft: bool = False
    competencies: list[tuple[str, str, int]] = field(default_factory=list)
    """(goal, competency, line from 1) as given."""
    checks: list[FrontCheck] = field(default_factory=list)
    labels: list[FrontLabel] = field(default_factory=list)
    demonstrations: list[list[FrontSentence]] = field(default_factory=list)
    length: int = 0
    """How many lines of the file it takes, with its two fences."""

    def word(self, key: str) -> str:
        """Return the text of `key`, empty where it is not given."""
        return self.words.get(key, ("", 0))[0]


def parse_front_matter(lines: Sequence[str], report: Report) -> FrontMatter:
    """Read the front matter at the top of `lines`; its faults go to `report`."""
    front = FrontMatter()
    inside, start, front.length = inside_fences(lines, report)
    reader = _Reader(start, report)
    for key, value in reader.pairs(reader.compose(inside), KEYS, "front matter"):
        if key == "checks":
            front.checks.extend(reader.checks(value))
        elif key == "labels":
            front.labels.extend(reader.labels(value))
        elif key == "demonstrations":
            front.demonstrations.extend(reader.demonstrations(value))
        elif key == "competencies":
            front.competencies.extend(reader.competencies(value))
        elif key == "draft":
            front.draft = bool(
                reader.truth({key: reader.word(key, value) or ""}, {key: value}, key)
            )
        elif (word := reader.word(key, value)) is not None:
            front.words[key] = (word, reader.line(value))
    return front


@dataclass(frozen=True, slots=True)
class _Reader(Reader):
    """Takes the front matter of a guide apart."""

    def checks(self, node: yaml.Node) -> Iterator[FrontCheck]:
        """Yield the checks of a list that have a target, and a statement or a measure."""
        for item in self.items(node, "checks", "checks, each with target and statement"):
            yield from self._check(item)

    def _check(self, node: yaml.Node) -> Iterator[FrontCheck]:
        nodes = dict(self.pairs(node, _CHECK, "a check"))
        words = {key: self.word(key, value) or "" for key, value in nodes.items()}
        asks = next((key for key in ("measure", "rating") if words.get(key)), "statement")
        for key in ("target", asks):
            if isinstance(node, yaml.MappingNode) and not words.get(key):
                self.report.add(self.line(node), f"a check without a {key}", f"{key}: words")
        negative, each = self.truth(words, nodes, "negative"), self.truth(words, nodes, "each")
        if asks != "statement" and (negative or words.get("statement")):
            expected = f"target and {asks} alone"
            self.report.add(self.line(node), f"a {asks} with a statement, or negative", expected)
        if asks != "rating" and each:
            self.report.add(self.line(nodes["each"]), f"a {asks} with each", "a rating with it")
        scale = self._scale(words, node) if asks == "rating" else None
        if negative is None or each is None or (asks == "rating" and scale is None):
            return
        if words.get("target") and words.get(asks):
            yield FrontCheck(
                target=words["target"],
                statement=words.get("statement", ""),
                measure=words.get("measure", ""),
                rating=words.get("rating", ""),
                scale=scale,
                each=each,
                negative=negative,
                line=self.line(nodes["target"]),
            )

    def _scale(self, words: dict[str, str], node: yaml.Node) -> tuple[float, float] | None:
        """Return `typical` and `spread` of a rating; None and a fault if they are no numbers."""
        typical, spread = (_number(words.get(key, "")) for key in ("typical", "spread"))
        if typical is None or not spread:
            expected = "numbers such as typical: 5.6 and spread: 0.2, of usual answers' ratings"
            self.report.add(self.line(node), "a rating without typical and spread", expected)
            return None
        return typical, spread

    def labels(self, node: yaml.Node) -> Iterator[FrontLabel]:
        """Yield the labels of a list that have a word and say what it is about."""
        for item in self.items(node, "labels", "labels, each with word and about"):
            yield from self._label(item)

    def _label(self, node: yaml.Node) -> Iterator[FrontLabel]:
        nodes = dict(self.pairs(node, _LABEL, "a label"))
        words = {key: self.word(key, value) or "" for key, value in nodes.items()}
        for key in ("word", "about"):
            if isinstance(node, yaml.MappingNode) and not words.get(key):
                self.report.add(self.line(node), f"a label without {key}", f"{key}: words")
        own, fact = (self.truth(words, nodes, key) for key in ("own", "fact"))
        if own is not None and fact is not None and words.get("word") and words.get("about"):
            yield FrontLabel(
                word=words["word"],
                about=words["about"],
                shows=_list(words.get("shows", "")),
                against=_list(words.get("against", "")),
                own=own,
                fact=fact,
                line=self.line(nodes["word"]),
            )

    def competencies(self, node: yaml.Node) -> Iterator[tuple[str, str, int]]:
        """Yield (goal, competency, line) for each line of the mapping that says both."""
        if not isinstance(node, yaml.MappingNode):
            self.report.add(self.line(node), "competencies that are not a mapping", "goal: word")
            return
        for key, value in node.value:
            goal = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if word := self.word(f"the competency of {quoted(goal)}", value):
                yield goal, word, self.line(key)

    def demonstrations(self, node: yaml.Node) -> Iterator[list[FrontSentence]]:
        """Yield the labelled sentences of each answer of a list."""
        for answer in self.items(node, "demonstrations", "answers"):
            found = [
                sentence
                for item in self.items(answer, "sentences", "lines `label: sentence`")
                for sentence in self._sentence(item)
            ]
            if found:
                yield found

    def _sentence(self, node: yaml.Node) -> Iterator[FrontSentence]:
        if not isinstance(node, yaml.MappingNode):
            self.report.add(self.line(node), "a sentence without a label", "`label: sentence`")
            return
        for key, value in node.value:
            word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            text = self.word(word, value)
            if text:
                yield FrontSentence(word, text, self.line(value))
            elif isinstance(value, yaml.ScalarNode):
                expected = "`label: sentence`"
                self.report.add(self.line(value), f"no sentence for {quoted(word)}", expected)


def _number(text: str) -> float | None:
    """Return a number from 0.01 to 10, or None."""
    found = re.fullmatch(r"\d{1,2}(\.\d{1,4})?", text)
    return float(text) if found and 0.01 <= float(text) <= 10 else None


def _list(words: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in words.split(",") if part.strip())
