import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from interviewer.comparing import compare, shift_of
from interviewer.events import Probe
from interviewer.grade import Calibrated, Evidence, Flag, Grade
from interviewer.terminal.regrade_view import (
    ComparisonView,
    DifferingView,
    Drawn,
    ManyView,
    ProbesView,
    draw,
)

NAMES = {"honesty": "Honesty", "growth": "Growth", "lesson": "Share the Lesson"}
OLD = Grade(
    overall=3.0,
    criteria={"honesty": 4.0, "growth": 2.0},
    steps={"lesson": True},
    evidence=[Evidence(target="lesson", sentence=1, text="I learned \x1b[31mto ask[bold].")],
)
NEW = Grade(
    overall=2.5,
    criteria={"honesty": 4.5, "growth": None},
    steps={"lesson": False},
    flags=[Flag(id="no-facts", text="no sentence tells a fact")],
)


def drawn(name: str = "a.jsonl", old: Grade = OLD, new: Grade = NEW) -> Drawn:
    return Drawn(name, compare(old, new), NAMES, "2026-11-24 by one", "2026-11-25 by another")


def shown(what: RenderableType, *, width: int = 80, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = Console(file=stream, width=width, highlight=False, emoji=False, markup=False)
    draw(what, console)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


def test_each_score_stands_with_its_old_one_and_an_arrow() -> None:
    text = shown(ComparisonView(drawn()))
    assert re.search(r"Overall +3\.00 → 2\.50 +▼ -0\.50", text)
    assert re.search(r"Honesty +4\.00 → 4\.50 +▲ \+0\.50", text)
    assert re.search(r"Growth +2\.00 → - +\?", text)


def test_what_else_changed_is_named() -> None:
    text = shown(ComparisonView(drawn()))
    assert "yes → no  Share the Lesson" in text
    assert "now   no sentence tells a fact" in text
    assert re.search(
        r"Share the Lesson *\n +then  “I learned .*to ask\[bold\]\.” *\n +now   none", text
    )


def test_words_of_the_answer_are_never_escape_sequences() -> None:
    assert "\x1b" not in shown(ComparisonView(drawn()))


def test_an_ascii_terminal_gets_ascii() -> None:
    for view in (ComparisonView(drawn(new=NEW, old=NEW)), many()):
        text = shown(view, encoding="ascii")
        assert "?" not in text
    assert re.search(
        r"Overall +3\.00 -> 2\.50 +-0\.50", shown(ComparisonView(drawn()), encoding="ascii")
    )


def test_two_equal_grades_are_said_to_be_equal() -> None:
    text = shown(ComparisonView(drawn(new=OLD)))
    assert "Nothing differs." in text
    assert "Evidence changed" not in text


def test_what_cannot_be_compared_is_named() -> None:
    raters = Calibrated(value=3.0, scale=(1, 5), name="raters", plain=3.0)
    new = NEW.model_copy(update={"criteria": {"honesty": 4.5, "candour": 2.0}})
    text = shown(ComparisonView(drawn(new=new.model_copy(update={"calibrated": raters}))))
    assert "new in the guide: candour" in text
    assert "gone from the guide: Growth" in text
    assert "calibration then: none; now: raters" in text


def many() -> ManyView:
    better = OLD.model_copy(update={"overall": 4.0})
    same = OLD.model_copy(update={"overall": 2.0})
    rows = [
        drawn("2026-11-24-093000-failed-as-a-product-manager.jsonl", OLD, OLD),
        drawn("b.jsonl", OLD.model_copy(update={"overall": 2.0}), better),
        drawn("c.jsonl", same, same),
    ]
    return ManyView(rows, shift_of({each.name: each.comparison for each in rows}), NAMES)


def test_many_sessions_stand_in_one_table_with_their_mean_shift_and_order() -> None:
    text = shown(many())
    assert re.search(r"b\.jsonl +2\.00 +4\.00 +▲ \+2\.00", text)
    assert "Mean shift +0.67 over 3 sessions" in text
    assert "Rank correlation of then and now: 0.00." in text
    assert re.search(r"Largest moves:\n +Overall +2\.00 → 4\.00 +▲ \+2\.00 +b\.jsonl", text)


def test_a_correlation_that_cannot_be_is_told_with_its_reason() -> None:
    rows = [drawn("a"), drawn("b")]
    shift = shift_of({each.name: each.comparison for each in rows})
    assert "Rank correlation: none, for there are fewer than 3" in shown(
        ManyView(rows, shift, NAMES)
    )


ROWS = [
    ("a.jsonl", "template label-all-how", "01234567", "89abcdef", "the grade"),
    ("a.jsonl", "guide steps", "1: end", "2: end, lesson", "the grade"),
    ("b.jsonl", "turn 2: a prompt", "", "Thanks.", "the talk"),
]


def test_what_differs_stands_in_one_table_each_session_named_once() -> None:
    text = shown(DifferingView(ROWS))
    assert text.count("a.jsonl") == 1
    assert re.search(r"template label-all-how +01234567 +89abcdef +the grade", text)


@pytest.mark.parametrize("width", [40, 60, 200])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    probe = Probe(target="growth", text="What then? " * 9, source="model", rejected=["Hm. (no)"])
    for view in (
        ComparisonView(drawn()),
        many(),
        DifferingView(ROWS),
        ProbesView(probe, probe, about="Growth", by=("one", "another")),
    ):
        lines = shown(view, width=width).splitlines()
        assert max(cell_len(line) for line in lines) <= min(width, 88)


def test_a_name_is_whole_in_a_narrow_window() -> None:
    text = shown(many(), width=60)
    joined = "".join(line.split(" ")[0] for line in text.splitlines()[:5])
    assert "2026-11-24-093000-failed-as-a-product-manager.jsonl" in joined


def test_a_probe_of_a_template_is_said_to_be_one() -> None:
    old = Probe(target="growth", text="What then?", source="model")
    new = Probe(
        target="growth", text="Could you say more?", source="template", rejected=["Hm. (x)"]
    )
    text = shown(ProbesView(old, new, about="Growth", by=("one", "another")))
    assert "Then  one" in text
    assert "Now  a template, in place of another" in text
    assert "turned down: Hm. (x)" in text
