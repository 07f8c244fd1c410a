"""The YAML between two `---` lines at the top of a document, whatever it says.

It is composed, never constructed: every scalar stays text, so no tag, number, date or alias in it
can do anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from interviewer.guide_faults import Report, quoted

_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NOTHING = {"", "~", "null"}


def inside_fences(lines: Sequence[str], report: Report) -> tuple[Sequence[str], int, int]:
    """Find the front matter at the top of `lines`; one without an end is a fault.

    Returns:
        Its lines, the number in the file of the first of them, from 1, and how many lines the
        front matter takes with its fences: 0 where there is none.
    """
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[start].rstrip() != "---":
        return (), 1, 0
    ends = (at for at in range(start + 1, len(lines)) if lines[at].rstrip() in ("---", "..."))
    end = next(ends, None)
    if end is None:
        report.add(start + 1, "front matter without an end", "a line --- after it")
        return (), 1, start + 1
    return lines[start + 1 : end], start + 2, end + 1


@dataclass(frozen=True, slots=True)
class Reader:
    """Takes YAML nodes apart; each fault has the line of its node."""

    first: int
    """Line of the file on which the YAML begins, from 1."""
    report: Report

    def line(self, node: yaml.Node) -> int:
        """Return the line of the file, from 1, on which a node begins."""
        return self.first + int(node.start_mark.line)

    def compose(self, lines: Sequence[str]) -> yaml.Node | None:
        """Return the one node that `lines` hold, or None: nothing in them, or a fault."""
        try:
            node: yaml.Node | None = yaml.compose("\n".join(lines), Loader=yaml.BaseLoader)
        except yaml.MarkedYAMLError as error:
            at = error.problem_mark.line if error.problem_mark else 0
            self.report.add(self.first + at, f"broken YAML: {error.problem}", "key: value lines")
        except RecursionError:
            self.report.add(self.first, "YAML that is nested too deeply", "key: value lines")
        except (yaml.YAMLError, ValueError, OverflowError):  # PyYAML lets bad escapes through
            self.report.add(self.first, "a character that YAML can't hold", "key: value lines")
        else:
            return node
        return None

    def pairs(
        self, node: yaml.Node | None, known: Sequence[str], where: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        """Yield the known keys of a mapping, each once, with their values."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.report.add(self.line(node), f"{where} that is not a mapping", "key: value lines")
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if name not in known:
                expected = f"one of {', '.join(known)}"
                self.report.add(self.line(key), f"unknown key {quoted(name)} in {where}", expected)
            elif name in seen:
                self.report.add(self.line(key), f"key {quoted(name)} twice", f"one {name}")
            else:
                seen.add(name)
                yield name, value

    def word(self, key: str, node: yaml.Node) -> str | None:
        """Return a scalar's text on one line, or None: not a scalar, or nothing said."""
        if not isinstance(node, yaml.ScalarNode):
            self.report.add(self.line(node), f"a list or mapping as {key}", "words")
            return None
        text = " ".join(str(node.value).split())
        if any("\ud800" <= mark <= "\udfff" for mark in text):
            self.report.add(self.line(node), f"half a character in {key}", "words")
            return None
        return None if text.lower() in _NOTHING and not node.style else text

    def items(self, node: yaml.Node, name: str, expected: str) -> list[yaml.Node]:
        """Return the nodes of a list; what is no list is a fault."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.report.add(self.line(node), f"{name} that are not a list", f"a list of {expected}")
        return []

    def truth(self, words: dict[str, str], nodes: dict[str, yaml.Node], key: str) -> bool | None:
        """Return a yes or no, no where it is not given; None and a fault if it is neither."""
        found = _TRUTH.get((words.get(key) or "false").lower())
        if found is None:
            self.report.add(self.line(nodes[key]), quoted(words[key]), "true or false")
        return found
