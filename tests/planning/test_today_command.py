import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer.bank import Bank
from interviewer.cli import choices
from interviewer.cli.today import today
from interviewer.errors import UsageError
from interviewer.events import Answer, Graded
from interviewer.guide import Guide
from interviewer.planning import Today
from interviewer.terminal.today_view import draw_today
from interviewer.transcript import Transcript
from tests.planning.samples import card
from tests.progress.samples import grade, header
from tests.scripted import GUIDE
from tests.terminal.samples import NASTY, console_of, drawn

CANDID = GUIDE.model_copy(
    update={"id": "candid", "role": "Baker", "competencies": {"honesty": "ownership"}}
)


@pytest.fixture(autouse=True)
def _bank(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = (
        card("candid", "ownership", "growth", role="Baker"),
        card("guess", "estimation", role="Analyst", level="senior"),
    )
    guides: tuple[Guide, ...] = (CANDID, GUIDE.model_copy(update={"id": "guess"}))
    monkeypatch.setattr(choices, "load_all", lambda: Bank(cards, guides))


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(today, [str(each) for each in arguments])
    if result.exception:
        raise result.exception
    return result


def fill(folder: Path, days: float, overall: float = 2.0, **values: Any) -> None:
    began = datetime.now(UTC) - timedelta(days=days)
    usual: dict[str, Any] = {"guide": CANDID, "started_at": began, "id": f"ago-{days}"}
    about = header(**(usual | values))
    with Transcript.create(folder, about) as transcript:
        transcript.add(Answer(text="I failed."))
        transcript.add(Graded(**grade(overall)))


def test_it_says_what_is_due_and_the_command_that_begins_it(tmp_path: Path) -> None:
    fill(tmp_path, 30)
    said = run(tmp_path).stdout
    assert "Practise now: growth" in said
    assert "You practised it 30 days ago, with 2.0 of 5, and it was due 29 days ago." in said
    assert "\n  interviewer chat candid\n" in said


def test_an_older_transcript_counts_by_what_its_guide_says_now(tmp_path: Path) -> None:
    old = CANDID.model_copy(update={"competencies": {}})
    fill(tmp_path, 30, guide=old)
    names = {each["competency"] for each in json.loads(run(tmp_path, "--json").stdout)["schedule"]}
    assert names == {"ownership", "growth"}


def test_json_is_one_object(tmp_path: Path) -> None:
    fill(tmp_path, 30)
    found = json.loads(run(tmp_path, "--json", "--role", "Baker").stdout)
    assert (found["state"], found["competency"]) == ("due", "growth")
    assert found["take"]["guide"] == "candid"
    assert found["command"] == "interviewer chat candid --role Baker"
    assert {each["interval_days"] for each in found["schedule"]} == {1}


def test_with_nothing_practised_it_says_where_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_TRANSCRIPTS", str(tmp_path / "none-yet"))
    said = run().stdout
    assert "Where to start" in said
    assert "interviewer chat candid" in said


def test_with_nothing_due_it_says_when_something_is_and_what_is_worth_it(tmp_path: Path) -> None:
    fill(tmp_path, 0.5, 4.5)
    said = run(tmp_path).stdout
    assert "Nothing is due" in said
    assert "Next is growth" in said
    assert "Still worth it:" in said
    assert "interviewer chat guess" in said
    alone = run(tmp_path, "--role", "Baker").stdout
    assert "All guides that fit were asked" in alone
    assert "interviewer chat" not in alone


def test_a_copy_of_a_session_counts_once_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    fill(tmp_path, 30)
    (file,) = tmp_path.glob("*.jsonl")
    (tmp_path / "copy.jsonl").write_bytes(file.read_bytes())
    for at in range(7):
        (tmp_path / f"bad-{at}.jsonl").write_text("{}", encoding="utf-8")
    result = run(tmp_path, "--json")
    assert {each["interviews"] for each in json.loads(result.stdout)["schedule"]} == {1}
    assert "bad-0.jsonl" in result.stderr
    assert "left out: 2 more that can't be read" in result.stderr


def test_a_role_that_no_guide_has_names_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no guide for the role 'Smith'") as raised:
        run(tmp_path, "--role", "Smith")
    assert "one of: Analyst, Baker" in str(raised.value)


def test_without_any_guide_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "load_all", lambda: Bank((), ()))
    with pytest.raises(UsageError, match="there is no guide"):
        run(tmp_path)


def test_words_from_outside_reach_no_terminal() -> None:
    console = console_of("terminal", width=40)
    take = {"guide": "x", "why": NASTY}
    found = Today.model_validate(
        {"state": "due", "competency": NASTY, "why": NASTY, "take": take, "question": NASTY}
    )
    draw_today(console, found, command=NASTY)
    assert not {"\x07", "\u202e", "\x9b"} & set(drawn(console))
