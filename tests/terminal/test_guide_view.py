from typing import Literal

import pytest
from rich.cells import cell_len

from interviewer.guide import Guide, Item
from interviewer.guide_file import load_guide
from interviewer.shipped import shipped_guides_folder
from interviewer.terminal.guide_view import GuideView
from tests.scripted import GUIDE
from tests.terminal.samples import NASTY, console_of, drawn

Kind = Literal["terminal", "dumb", "pipe"]
FULL = GUIDE.model_copy(update={"overview": "It is about failing.", "closing": "Be yourself."})


def view(guide: Guide, *, width: int = 80, kind: Kind = "pipe") -> str:
    console = console_of(kind, width=width)
    console.print(GuideView(guide))
    return "\n".join(line.rstrip() for line in drawn(console).splitlines()) + "\n"


WHOLE = """\
Tell me about a time you failed.
role: Product Manager  id: failure

It is about failing.

2 goals
  Honesty
    They want a failure that was yours.
  Growth
    They want to hear what you changed afterwards.

2 steps
  Describe the Context
    Say when and where it happened.
  Share the Lesson
    Close on what you learned.

1 example
  At my last job I shipped a search page that nobody had asked for at all.

1 tip
  Be Brief
    Two minutes are enough.

Be yourself.

1 related
  Tell me about a conflict.
"""


def test_every_part_of_a_guide_is_shown_under_its_name() -> None:
    assert view(FULL) == WHOLE


def test_a_level_is_shown_where_the_guide_has_one() -> None:
    assert "role: Product Manager  level: senior  id: failure" in view(
        FULL.model_copy(update={"level": "senior"})
    )


def test_parts_that_a_guide_lacks_are_counted_as_none() -> None:
    bare = GUIDE.model_copy(update={"examples": (), "tips": (), "related": (), "role": ""})
    shown = view(bare)
    assert "0 examples" in shown
    assert "0 tips" in shown
    assert "role:" not in shown
    assert "It is about" not in shown


@pytest.mark.parametrize("path", sorted(shipped_guides_folder().glob("*.md")), ids=lambda p: p.stem)
@pytest.mark.parametrize("width", [30, 80])
@pytest.mark.parametrize("kind", ["dumb", "pipe"])
def test_the_guides_that_ship_fit_into_any_window(path: object, kind: Kind, width: int) -> None:
    guide = load_guide(str(path))
    shown = view(guide, width=width, kind=kind)
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    flat = " ".join(shown.split())
    for item in (*guide.goals, *guide.steps, *guide.tips):
        assert item.name in flat


def test_the_words_of_a_guide_control_no_terminal() -> None:
    goal = Item(id="goal", name=NASTY, text=NASTY)
    shown = view(FULL.model_copy(update={"goals": (goal,), "question": NASTY, "overview": NASTY}))
    assert "\x1b" not in shown
    assert shown.count("[/b][link=x]y") == 4
