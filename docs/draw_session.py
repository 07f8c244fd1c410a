"""Draw a sample transcript as the picture in the README: `python docs/draw_session.py`."""

import io
import re
from pathlib import Path

from rich.console import Console

from interviewer.guide import Guide
from interviewer.rubric import rubric_of
from interviewer.terminal.screen import Screen
from interviewer.transcript import load_transcript

HERE = Path(__file__).parent


def main() -> None:
    """Write `session.svg` beside this file."""
    recorded = load_transcript(HERE.parent / "transcripts" / "sample-complete-answer.jsonl")
    guide = Guide.model_validate(recorded.header.guide)
    console = Console(record=True, width=88, force_terminal=True, file=io.StringIO())
    screen = Screen(console, names=rubric_of(guide).names, echo=True)
    header = recorded.header
    screen.header(guide.question, header.guide_source, model=header.model, why=header.model_source)
    for event in recorded.events:
        screen.event(event)
    drawn = console.export_svg(title="interviewer chat")
    # Without the fonts that rich would have the reader's browser fetch from elsewhere.
    drawn = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    (HERE / "session.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
