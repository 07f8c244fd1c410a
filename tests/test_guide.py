import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from interviewer.guide import (
    MEASURES,
    Check,
    Guide,
    Label,
    Measure,
    Rating,
    parse_faults,
    parse_guide,
    slug,
)
from interviewer.guide_file import load_guide
from interviewer.shipped import shipped_guides_folder
from interviewer.text import sentences, words

SOURCES = Path(__file__).parents[2] / "shared" / "guides"
SHIPPED = sorted(shipped_guides_folder().glob("*.md"))
FAILURE = "failed-as-a-product-manager"
WITH_SOURCE = [path for path in SHIPPED if (SOURCES / f"{path.stem}.txt").is_file()]

PLAIN = """\
Why do you want this job?

Interviewer's Goals

  1. Honesty: They want true reasons.
  2. Fit: They want reasons that
     belong to this job.

How to Approach Your Answer

  1. Start with the Work: Say what draws you.
"""

MARKDOWN = """\
# **Why do you want this job?** #

A question about motives.

## understanding this question:

It opens most talks.
It is short.

Answer it first.

### THE INTERVIEWERS' GOALS

They listen for this:

- **Honesty**: They want true reasons.

  Even unusual ones.
- **Fit:** They want reasons that belong
to this job:
    - its tasks
    - its people
* __Calm__ - They want a steady voice.
+ *Warmth*: They want a smile.
- **Brevity**
\u2013 Time: By 10:30: done.
1. **Be** very `clear`: Say it once.

That is all they want.

** How to approach the answer **

1) Start with the Work: Say what draws you.

#### Sample Answers for Nurses

<!-- written in 2026 -->
They are short.

**Example 1 (strong):** “I like nights.”

Example 2 (weak):

> I need money.
> A lot.

### Example 3: with a title

I was told "no" twice.

---

Tips
- Be Brief: Stop early.

  Really early.

Good luck,
and sleep well.

Then go.

## Related questions: Nurse

- Why nights?
- Why here,
  of all places?
"""


def with_section(section: str) -> str:
    return f"{PLAIN}\n{section}\n"


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source guides are not in the repository")
@pytest.mark.parametrize(
    ("name", "goals", "steps", "examples", "tips", "role"),
    [(FAILURE, 4, 5, 2, 5, "Product Manager"), ("general-job-interview", 6, 4, 0, 4, "General")],
)
def test_a_source_guide_is_read_whole(
    name: str, goals: int, steps: int, examples: int, tips: int, role: str
) -> None:
    guide = load_guide(SOURCES / f"{name}.txt")

    found = (len(guide.goals), len(guide.steps), len(guide.examples), len(guide.tips))
    assert found == (goals, steps, examples, tips)
    assert (guide.id, guide.role, guide.related) == (name, role, (role,))
    assert guide.overview
    assert all(item.text.endswith(".") for item in (*guide.goals, *guide.steps, *guide.tips))
    assert all("\n\n" in each.text and '"' not in each.text for each in guide.examples)


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source guides are not in the repository")
@pytest.mark.parametrize("path", WITH_SOURCE, ids=lambda path: path.stem)
def test_a_shipped_guide_has_its_sources_structure_and_none_of_its_sentences(path: Path) -> None:
    source, shipped = load_guide(SOURCES / f"{path.stem}.txt"), load_guide(path)

    for kind in ("goals", "steps", "tips"):
        names = [(item.id, item.name) for item in getattr(source, kind)]
        assert [(item.id, item.name) for item in getattr(shipped, kind)] == names
    assert [each.id for each in shipped.examples] == [each.id for each in source.examples]
    for same in ("id", "question", "role"):
        assert getattr(shipped, same) == getattr(source, same)
    assert not _sentences(source) & _sentences(shipped)


def _sentences(guide: Guide) -> set[str]:
    items = [item.text for item in (*guide.goals, *guide.steps, *guide.tips)]
    texts = [guide.overview, guide.closing, *items, *(each.text for each in guide.examples)]
    return {" ".join(words(each)) for text in texts for each in sentences(text)}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_guide_is_complete(path: Path) -> None:
    guide = load_guide(path)

    assert guide.id == path.stem
    assert guide.role
    assert len(guide.related) == 3 or guide.related == (guide.role,)
    assert guide.overview
    assert guide.closing
    assert all(item.text for item in (*guide.goals, *guide.steps, *guide.tips))
    for example in guide.examples:
        least, most = (55, 110) if example.weak else (110, 210)
        assert least <= len(example.text.split()) <= most


def test_a_guide_needs_no_more_than_question_goals_and_steps() -> None:
    guide = parse_guide(PLAIN, source="notes/Why this job.txt")

    assert guide.id == "why-this-job"
    assert guide.question == "Why do you want this job?"
    assert [goal.id for goal in guide.goals] == ["honesty", "fit"]
    assert guide.goals[1].text == "They want reasons that belong to this job."
    assert guide.steps[0].name == "Start with the Work"
    absent = (guide.role, guide.level, guide.overview, guide.examples, guide.tips, guide.closing)
    assert absent == ("", None, "", (), (), "")
    assert (guide.related, guide.checks) == ((), ())


def test_markdown_is_read_like_plain_text() -> None:
    guide = parse_guide(MARKDOWN)

    assert guide.question == "Why do you want this job?"
    assert guide.overview == (
        "A question about motives.\n\nIt opens most talks. It is short.\n\nAnswer it first."
    )
    assert [(goal.name, goal.text) for goal in guide.goals] == [
        ("Honesty", "They want true reasons. Even unusual ones."),
        ("Fit", "They want reasons that belong to this job: its tasks its people"),
        ("Calm", "They want a steady voice."),
        ("Warmth", "They want a smile."),
        ("Brevity", ""),
        ("Time", "By 10:30: done."),
        ("Be very clear", "Say it once."),
    ]
    assert [step.id for step in guide.steps] == ["start-with-the-work"]
    assert [(each.id, each.text, each.weak) for each in guide.examples] == [
        ("example-1", "I like nights.", False),
        ("example-2", "I need money. A lot.", True),
        ("example-3", 'I was told "no" twice.', None),
    ]
    assert guide.tips[0].text == "Stop early. Really early."
    assert guide.closing == "Good luck, and sleep well.\n\nThen go."
    assert guide.role == "Nurse"
    assert guide.related == ("Why nights?", "Why here, of all places?")


@pytest.mark.parametrize(
    ("paragraphs", "text"),
    [
        (['"One.', 'Two."'], "One.\n\nTwo."),
        (["“One.", "“Two.”"], "One.\n\nTwo."),
        (['"One."', '"Two."'], "One.\n\nTwo."),
        (['"He said "no" twice."'], 'He said "no" twice.'),
        (['"Yes" was my word, then "no"'], '"Yes" was my word, then "no"'),
        (['He said "no"'], 'He said "no"'),
        (['"Never closed.'], '"Never closed.'),
        (['"'], '"'),
    ],
)
def test_only_the_quotes_around_a_whole_example_come_off(paragraphs: list[str], text: str) -> None:
    guide = parse_guide(
        with_section("Example Responses\n\nExample 1:\n\n" + "\n\n".join(paragraphs))
    )

    assert [example.text for example in guide.examples] == [text]


@pytest.mark.parametrize(
    ("section", "role", "related"),
    [
        ("Related Questions: Nurse", "Nurse", ("Nurse",)),
        ("## Related Questions", "", ()),
        ("## **Related Questions: Ward Nurse**", "Ward Nurse", ("Ward Nurse",)),
        ("Related Questions\n\nWhy here?\nWhy now?", "", ("Why here?", "Why now?")),
    ],
)
def test_related_questions_name_a_role_or_questions(
    section: str, role: str, related: tuple[str, ...]
) -> None:
    guide = parse_guide(with_section(section))

    assert (guide.role, guide.related) == (role, related)


@pytest.mark.parametrize(
    "section",
    [
        "Understanding the Question\n\nOne thing first:\n\nit is short and",
        "Understanding the Question\n\nthis small line begins no section\n\nNor does this one.",
        "Understanding the Question\n\nExample responses are what most people look for first.",
        "Tips for Success\n\nKeep in mind\n- Be Brief: Stop early.",
        "Tips for Success\n\n- Be Brief: Stop early.\n\nGood luck",
        "Tips for Success\n\n- Be Brief: Stop early.\n\nAnd then also:\n- Be Calm: Breathe.",
        "Example Responses\n\nExample 1:\n\nSituation:\n\nI came late.\n\nResult:\n\nI paid.",
        "Tips for Success\n\n- Be Brief: Stop early.\n\nGood luck\n\nRelated Questions: Nurse",
        "Tips for Success",
        "Understanding the Question\n\n** **\n\n100 %\n\n" + "long " * 60,
        "Example Responses\n\nExample 1:\n\nExample 1 shows little here.\n\nExample 2: I do.",
    ],
)
def test_prose_is_not_taken_for_a_section(section: str) -> None:
    assert parse_faults(with_section(section)) == []


def test_front_matter_says_what_the_text_does_not() -> None:
    front = (
        "\n---\nid: why-nights\nrole: Night  Nurse\nlevel: 5\nchecks:\n"
        "  - target: honesty\n    statement: names a reason\n"
        "  - {target: fit, statement: blames others, negative: Yes}\n---\n"
    )
    guide = parse_guide(front + with_section("Related Questions: Nurse"))

    assert (guide.id, guide.role, guide.level) == ("why-nights", "Night Nurse", "5")
    assert guide.related == ("Nurse",)
    assert guide.checks == (
        Check(target="honesty", statement="names a reason"),
        Check(target="fit", statement="blames others", negative=True),
    )


LABELS = """\
labels:
  - word: reason
    about: why the candidate wants the job
    shows: honesty, fit
    own: yes
    fact: true
  - {word: flattery, about: "praise: of the firm", against: honesty}
demonstrations:
  - - reason: "I like nights: they are quiet."
    - flattery: Your hospital is the best.
  - - other: Thank you.
"""


def test_front_matter_says_what_a_sentence_can_be_and_shows_how_to_tell() -> None:
    guide = parse_guide(f"---\n{LABELS}---\n{PLAIN}")

    assert guide.labels == (
        Label(
            word="reason",
            about="why the candidate wants the job",
            shows=("honesty", "fit"),
            own=True,
            fact=True,
        ),
        Label(word="flattery", about="praise: of the firm", against=("honesty",)),
    )
    assert [each.sentences for each in guide.demonstrations] == [
        (("I like nights: they are quiet.", "reason"), ("Your hospital is the best.", "flattery")),
        (("Thank you.", "other"),),
    ]
    assert Guide.model_validate_json(guide.model_dump_json()) == guide


def test_a_plain_document_is_judged_like_a_guide_on_its_question() -> None:
    plain = parse_guide(PLAIN.replace("Why do you", "WHY  do you"))
    ready = parse_guide(f"---\n{LABELS}---\n{PLAIN}")

    judged = plain.judged_like(ready)
    assert (judged.labels, judged.demonstrations) == (ready.labels, ready.demonstrations)
    assert judged.question == plain.question
    assert ready.judged_like(plain) == ready


def test_a_plain_document_without_tips_or_with_another_full_stop_is_judged_so_too() -> None:
    labels = LABELS.replace("shows: honesty, fit", "shows: honesty, fit, be-brief")
    tips = "\nTips for Success\n\n  1. Be Brief: Two minutes.\n"
    ready = parse_guide(f"---\n{labels}---\n{PLAIN}{tips}")
    judged = parse_guide(PLAIN.replace("this job?", "this job")).judged_like(ready)

    assert ready.labels[0].shows == ("honesty", "fit", "be-brief")
    assert judged.labels[0].shows == ("honesty", "fit")
    assert judged.demonstrations == ready.demonstrations


@pytest.mark.parametrize(
    ("old", "new"), [("this job?", "that job?"), ("Fit:", "Luck:"), ("Start with", "End with")]
)
def test_a_document_on_another_question_or_with_other_parts_is_judged_by_itself(
    old: str, new: str
) -> None:
    plain = parse_guide(PLAIN.replace(old, new))

    assert plain.judged_like(parse_guide(f"---\n{LABELS}---\n{PLAIN}")) == plain


def test_front_matter_may_have_something_rated() -> None:
    scale = "typical: 5.6, spread: 0.2, each: yes"
    guide = parse_guide(
        f"---\nchecks: [{{target: fit, rating: the last answer, {scale}}}]\n---\n{PLAIN}"
    )

    rating = Rating(of="the last answer", typical=5.6, spread=0.2, each=True)
    assert guide.checks == (Check(target="fit", rating=rating),)


@pytest.mark.parametrize("measure", MEASURES)
def test_front_matter_may_have_code_measure_in_place_of_a_statement(measure: Measure) -> None:
    guide = parse_guide(f"---\n{LABELS}checks: [{{target: fit, measure: {measure}}}]\n---\n{PLAIN}")

    assert guide.checks == (Check(target="fit", measure=measure),)


@pytest.mark.parametrize("front", ["", "role:\nlevel: null\nid: ~\n", "# nothing yet\n"])
def test_front_matter_may_say_nothing(front: str) -> None:
    guide = parse_guide(f"---\n{front}---\n{PLAIN}", source="why.md")

    assert (guide.id, guide.role, guide.level) == ("why", "", None)


@pytest.mark.parametrize(
    ("id", "source", "expected"),
    [("mine", "why.md", "mine"), (None, "why.md", "own"), (None, "", "own")],
)
def test_the_callers_id_wins_over_the_front_matters(
    id: str | None, source: str, expected: str
) -> None:
    assert parse_guide(f"---\nid: own\n---\n{PLAIN}", source=source, id=id).id == expected


def test_a_file_name_without_latin_letters_makes_the_id_guide() -> None:
    assert parse_guide(PLAIN, source="質問.md").id == "guide"


def test_every_item_has_an_id_of_its_own() -> None:
    text = PLAIN.replace("Start with the Work", "Honesty").replace("Fit:", "Overall:")
    guide = parse_guide(text + "\nTips\n\n- Honesty: Mean it.\n- Tip Honesty: Mean it twice.\n")

    assert [goal.id for goal in guide.goals] == ["honesty", "goal-overall"]
    assert [step.id for step in guide.steps] == ["step-honesty"]
    assert [tip.id for tip in guide.tips] == ["tip-honesty", "tip-tip-honesty"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Resilience and Problem Solving", "resilience-and-problem-solving"),
        ("The Interviewer\u2019s View", "the-interviewers-view"),
        ("  Self-Awareness! ", "self-awareness"),
        ("Größe & Maß", "grosse-mass"),
        ("Élan", "elan"),
        ("质量", ""),
    ],
)
def test_an_id_is_made_of_the_names_latin_letters_and_digits(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n"])
def test_line_ends_and_byte_order_marks_do_not_matter(start: str, end: str, tmp_path: Path) -> None:
    path = tmp_path / "why.md"
    path.write_bytes((start + MARKDOWN.replace("\n", end)).encode())

    assert load_guide(path) == parse_guide(MARKDOWN, source="why.md")


def test_invisible_marks_of_a_web_page_do_not_hide_a_heading() -> None:
    text = PLAIN.replace("Goals", "Goals\u200b").replace("Approach ", "Approach\xa0")

    assert parse_guide(text) == parse_guide(PLAIN)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_guide_survives_json(path: Path) -> None:
    guide = load_guide(path)

    assert Guide.model_validate(json.loads(guide.model_dump_json())) == guide


NAMES = st.lists(
    st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,3}", fullmatch=True), min_size=1
)
TEXTS = st.from_regex(r"([A-Z][a-z]{1,8} ){1,20}now\.", fullmatch=True)


@given(
    names=NAMES.map(lambda names: list({slug(name): name for name in names}.values())), text=TEXTS
)
def test_what_is_written_as_items_is_read_as_items(names: list[str], text: str) -> None:
    numbered = "\n".join(f"{at}. {name}: {text}" for at, name in enumerate(names, start=1))
    bulleted = "\n".join(f"- **{name}**: {text}" for name in names)
    guide = parse_guide(
        f"Why?\n\nInterviewer's Goals\n\n{numbered}\n\n## How to Approach Your Answer\n{bulleted}"
    )

    assert [(goal.name, goal.text) for goal in guide.goals] == [(name, text) for name in names]
    assert [(step.name, step.text) for step in guide.steps] == [(name, text) for name in names]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"goals": []}, "at least 1"),
        ({"id": "No Slug"}, "match pattern"),
        ({"tips": [{"id": "honesty", "name": "Honesty", "text": ""}]}, "have the id 'honesty'"),
        ({"checks": [{"target": "x", "statement": "y"}]}, "checks or labels of no goal"),
        ({"labels": [{"word": "x", "about": "y", "shows": ["z"]}]}, "checks or labels of no goal"),
        ({"labels": [{"word": "X", "about": "y"}]}, "match pattern"),
        ({"checks": [{"target": "fit", "measure": "beauty"}]}, "'order', 'fluency' or 'brevity'"),
        ({"colour": "red"}, "not permitted"),
    ],
)
def test_a_guide_that_no_parser_makes_is_refused(change: dict[str, object], message: str) -> None:
    data = parse_guide(PLAIN).model_dump(mode="json") | change

    with pytest.raises(ValidationError, match=message):
        Guide.model_validate(data)
