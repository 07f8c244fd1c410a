"""The YAML between two `---` lines at the top of a document, whatever it says.

It is composed, never constructed: every scalar stays text, so no tag, number, date or alias in it
can do anything.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import yaml
from yaml.composer import Composer
from yaml.resolver import BaseResolver

from interviewer.guide_faults import Report, quoted

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML without libyaml
    _Quick = None
else:

    class _QuickLoader(Composer, CParser, BaseResolver):
        """Events from libyaml, nodes from Python."""

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            Composer.__init__(self)
            BaseResolver.__init__(self)

    _Quick = _QuickLoader

_UNLIKE = re.compile(r"[\t\x85\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)", re.MULTILINE)
"""What libyaml and PyYAML don't read alike."""
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_HALF = re.compile("[\ud800-\udfff]")
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
            node = _compose("\n".join(lines))
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
        if _HALF.search(text):
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


def _compose(text: str) -> yaml.Node | None:
    """Return the one node of a YAML document, or None where there is none.

    libyaml reads it ten times as fast as Python does. What it refuses is read again in Python, so
    that the same fault is found on the same line with it and without; nodes are put together in
    Python always, which gives deep nesting up where C would fall over.

    Raises:
        yaml.YAMLError, RecursionError, ValueError, OverflowError: It can't be read.
    """
    if _Quick and not _UNLIKE.search(text):
        with suppress(yaml.YAMLError, RecursionError, ValueError):
            return _Quick(text).get_single_node()
    return yaml.BaseLoader(text).get_single_node()
