"""A draft by the embedded model, played from its cassette; recorded as CONTRIBUTING.md says."""

from pathlib import Path

import pytest

from interviewer.bank import load_bank
from interviewer.bank.notes import notes_on
from interviewer.drafting import draft
from interviewer.drafting.wish import Wish, paper_of
from interviewer.guide import parse_guide
from interviewer.llm.client import Client
from interviewer.llm.endpoint import Endpoint
from interviewer.prompts import Prompts

PATTERN = Path(__file__).with_name("pattern.md")
QUESTION = "Tell me about a time when you had to learn something quickly."


@pytest.mark.vcr
async def test_the_embedded_model_drafts_a_guide_that_a_person_only_has_to_mend(
    recording_endpoint: Endpoint, tmp_path: Path
) -> None:
    (tmp_path / "difficult-customer.md").write_bytes(PATTERN.read_bytes())
    bank, prompts = load_bank([tmp_path]), Prompts()

    def repair(prompt: str, reply: str, error: str) -> str:
        return prompts.render("repair", prompt=prompt, reply=reply, error=error)

    model = Client(recording_endpoint, repair=repair)
    paper = paper_of(Wish(QUESTION, kind="behavioural"), bank)
    found = await draft(paper, bank, model, prompts, on_part=lambda *_: None)
    await model.aclose()

    guide = found.guide
    assert parse_guide(found.text) == guide
    assert (guide.question, guide.kind, guide.draft) == (QUESTION, "behavioural", True)
    assert found.missing == ()
    assert len(guide.goals) >= 3
    assert len(guide.labels) == len(guide.steps) + 1
    assert notes_on(guide, lambda _: True)[0].found == "marked as a draft"
