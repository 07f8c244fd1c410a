"""Made-up answers for measurements of speed: no two share a sentence.

About 115 words in seven sentences, each with a number or a name that only this answer has, so no
prompt can be answered from what was asked before. They are made to be graded quickly, not well.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

_SENTENCES = (
    "I led the {product} of a {company} in {place} for {n} thousand users, with team {tag}.",
    "The goal of {tag} was that {share} percent of them {habit} within {k} months.",
    "I was so sure of {tag} that I {omission}, although {who} had asked for it {k} times.",
    "In week {k} of {tag} {share} percent fewer people {habit}, and {n} of them complained.",
    "The next day I {repair}, and told {who} and all {k} of {tag} that it was my mistake.",
    "What {tag} taught me is that {n} opinions are worth less than {k} tries with real users.",
    "Since {tag} I write down {k} things that would prove me wrong before I {promise}.",
)
NAMES = ("Heron", "Maple", "Basalt", "Quill", "Ember", "Tern")
"""Of the teams: with its number, such a name stands in every sentence of an answer."""
_WORDS = {
    "product": ("checkout", "search", "booking page", "sign-up", "mobile app", "price list"),
    "company": ("bank", "grocer", "library", "clinic", "travel agency", "school"),
    "place": ("Leeds", "Porto", "Graz", "Turku", "Lyon", "Gdansk"),
    "habit": ("came back", "paid by phone", "finished an order", "booked again", "left a review"),
    "omission": ("skipped the trial", "left out the survey", "asked no customer", "ran no test"),
    "repair": ("rolled it back", "switched it off", "put the old version back", "stopped the sale"),
    "who": ("the support lead", "our designer", "the sales manager", "my director", "an analyst"),
    "promise": ("start a build", "change a price", "sign off a release", "promise a date"),
}


def answer(number: int, seed: int = 1) -> str:
    """Return the answer with this number; the same number and seed give the same words."""
    draw = random.Random(seed * 1_000_003 + number)  # noqa: S311  no secret
    tag = f"{draw.choice(NAMES)}-{number}"
    said = []
    for sentence in _SENTENCES:
        words = {name: draw.choice(choices) for name, choices in _WORDS.items()}
        n, k, share = draw.randint(11, 990), draw.randint(3, 19), draw.randint(5, 95)
        said.append(sentence.format(**words, tag=tag, n=n, k=k, share=share))
    return " ".join(said)


def id_of(number: int) -> str:
    """Return the id of an answer."""
    return f"a{number:06}"


def rows(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield `count` rows, each with an id and its answer."""
    for number in range(count):
        yield {"id": id_of(number), "answer": answer(number, seed)}


def write_rows(path: Path, count: int, seed: int = 1) -> Path:
    """Write rows as JSON lines, and return the path."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows(count, seed):
            file.write(json.dumps(row) + "\n")
    return path


def write_files(folder: Path, count: int, seed: int = 1) -> Path:
    """Write a text file for each answer, and return the folder."""
    folder.mkdir(parents=True)
    for row in rows(count, seed):
        (folder / f"{row['id']}.txt").write_text(row["answer"] + "\n", encoding="utf-8")
    return folder
