"""A session drawn as the terminal shows it: a recording (asciicast v3) and a still picture (SVG).

Both are drawn by the screen that `chat` draws on, on a console that nobody looks at: always the
same colours and the same width, whatever terminal the export is called from.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from interviewer.events import Begun, Event, Final, Graded, Probe, Question, Regraded, Reviewed
from interviewer.export.account import Account
from interviewer.export.session_account import SessionAccount
from interviewer.terminal.console import WIDEST
from interviewer.terminal.screen import Screen
from interviewer.text import printable
from interviewer.timeline import TurnCounter, longest_before
from interviewer.transcript import names_in

ROWS = 30
"""Lines of the terminal that a recording is played in."""
_TITLE = "interviewer chat"
_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
_NOT_XML = re.compile("[\ufffe\uffff]")


def cast_of(
    account: Account | SessionAccount,
    *,
    mark: str,
    width: int = WIDEST,
    rows: int = ROWS,
    idle_limit_s: float | None = None,
) -> Iterator[str]:
    """Yield the lines of an asciicast v3 file, with the recorded times but for breaks.

    Args:
        account: The session.
        mark: Stands among the tags.
        width: Columns of the terminal.
        rows: Its lines.
        idle_limit_s: The longest pause that a player should make; None: as long as it was.
    """
    file = io.StringIO()
    screen = _screen(account, _console(file, width=width, rows=rows))
    header = {
        "version": 3,
        "term": {"cols": width, "rows": rows, "type": "xterm-256color"},
        "timestamp": int(account.header.started_at.timestamp()),
        "command": _TITLE,
        "tags": [mark],  # before the title: what an export is known by stands near its beginning
        "title": printable(_title(account)),
    }
    limit = {} if idle_limit_s is None else {"idle_time_limit": idle_limit_s}
    yield json.dumps(header | limit) + "\n"
    yield _line(0, "o", _taken(file))
    clock_ms = skipped_ms = last_ms = 0
    counter, names = TurnCounter(), _names(account)
    for at_s, event in account.recorded.entries:
        screen.event(event)
        turn = counter.take(event.event)
        names = names_in(event.guide) if isinstance(event, Begun) else names
        # Differences of whole milliseconds, so that no rounding adds up.
        longest_ms = 1000 * longest_before(event)
        skipped_ms += round(max(0.0, 1000 * at_s - last_ms - longest_ms))
        last_ms = round(1000 * at_s)
        at_ms = max(clock_ms, last_ms - skipped_ms)
        drawn, label = _taken(file), _label(event, turn, names)
        for code, data in (("m", label), ("o", drawn)):
            if data:
                yield _line(at_ms - clock_ms, code, data)
                clock_ms = at_ms
    yield _line(0, "x", "0")


def svg_of(account: Account | SessionAccount, *, mark: str, width: int = WIDEST) -> str:
    """Return a picture of the whole session; it asks nothing of any network."""
    console = _console(io.StringIO(), width=width, rows=ROWS, record=True)
    screen = _screen(account, console)
    for event in account.recorded.events:
        screen.event(event)
    drawn = console.export_svg(title=_TITLE)
    # Without the fonts that rich would have the reader's browser fetch from elsewhere.
    drawn = _NOT_XML.sub("\ufffd", _FONTS.sub("", drawn))
    return drawn.replace(">", f"><!-- {mark} -->", 1)


def _console(file: io.StringIO, *, width: int, rows: int, record: bool = False) -> Console:
    return Console(
        file=file,
        record=record,
        width=width,
        height=rows,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
        _environ={"TERM": "xterm-256color"},
    )


def _screen(account: Account | SessionAccount, console: Console) -> Screen:
    """Return a screen with the head of the session on it."""
    screen = Screen(console, names=_names(account), echo=True)
    header = account.header
    by = {"model": header.model, "why": header.model_source}
    if isinstance(account, SessionAccount):
        screen.header(header.about, account.plan.chosen_by, **by, what="Session")
    else:
        screen.header(account.guide.question, header.guide_source, **by)
    return screen


def _title(account: Account | SessionAccount) -> str:
    return account.title if isinstance(account, SessionAccount) else account.guide.question


def _names(account: Account | SessionAccount) -> Mapping[str, str]:
    """Return the names before anything has begun."""
    return {} if isinstance(account, SessionAccount) else account.rubric.names


def _taken(file: io.StringIO) -> str:
    """Return what was drawn since the last time, as a terminal without a driver needs it."""
    drawn = file.getvalue()
    file.seek(0)
    file.truncate()
    return drawn.replace("\n", "\r\n")


def _line(after_ms: int, code: str, data: str) -> str:
    event: list[Any] = [after_ms / 1000, code, data]
    return json.dumps(event) + "\n"


def _label(event: Event, turn: int, names: Mapping[str, str]) -> str:
    """Return what a player's mark at this event says; empty where there is none."""
    if isinstance(event, Probe):
        return printable(f"Turn {turn}, follow-up: {names.get(event.target, event.target)}")
    if isinstance(event, Begun):
        return f"Interview {event.number} of {event.of}"
    return _LABELS.get(type(event), "").format(turn)


_LABELS: dict[type, str] = {
    Question: "Turn {}, question",
    Final: "Turn {}, final answer",
    Graded: "Grade",
    Regraded: "Graded again",
    Reviewed: "Review",
}
