"""`--cv` and `--job`: a candidate's papers, read before anything is made of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from interviewer.background import LONGEST, Background, Leaning, projects_of
from interviewer.documents import KINDS, UnreadableError, read_document
from interviewer.errors import DataError
from interviewer.text import many

if TYPE_CHECKING:
    from interviewer.bank import Bank
    from interviewer.settings import Settings

_REMEDY = f"save it as text, in a .txt file of at most {LONGEST:,} characters"


def read_background(cv: Path | None, job: Path | None) -> Background | None:
    """Read a CV and a job posting: text, Markdown, Word or PDF. None where neither is given.

    Raises:
        DataError: One of them can't be read, has no words in it, or is too long.
    """
    found = {name: _read(path, name) for name, path in (("cv", cv), ("job", job)) if path}
    return Background.model_validate(found) if found else None


def _read(path: Path, name: str) -> str:
    kind = KINDS.get(path.suffix.lower())
    if kind is None and path.is_file():
        shown = f"a file in {path.suffix}" if path.suffix else "a file without an ending"
        raise DataError(f"found {shown}; expected one of {', '.join(KINDS)}", where=path)
    try:
        text = read_document(str(path), kind or "text")
        tidy = str(getattr(Background.model_validate({name: text}), name))
    except UnreadableError as error:
        hint = _REMEDY if path.is_file() else f"--{name} FILE, one of {', '.join(KINDS)}"
        raise DataError(str(error), where=path, hint=hint) from error
    except ValidationError as error:
        fault = str(error.errors()[0]["ctx"]["error"])
        raise DataError(fault, where=path, hint="leave out what tells nothing of it") from error
    if not tidy:
        raise DataError("found no words in it; expected some", where=path, hint=_REMEDY)
    return tidy


def leaning_of(background: Background | None, bank: "Bank") -> Leaning:
    """Return which guides the papers speak for; none where there are no papers."""
    from interviewer.background import leaning

    return leaning(background, bank) if background else Leaning()


def chosen_by(background: Background, settings: "Settings") -> tuple[str, str]:
    """Return the guide that a posting speaks for most, as one is named, and why it was chosen.

    Raises:
        UsageError: No guide fits the role and level, or all that do were asked not long ago.
    """
    from interviewer.cli.attending import folder_of
    from interviewer.cli.choices import load_all
    from interviewer.cli.planned import Wanted, fitting, plan_of
    from interviewer.cli.practising import past_in

    bank = load_all()
    wanted = Wanted(1, role=settings.role, level=settings.level)
    past = past_in(folder_of(settings), bank).practised
    cards, for_ = fitting(wanted, bank.cards), leaning_of(background, bank)
    plan, _ = plan_of(wanted, cards, past, first=None, leaning=for_)
    chosen = plan.interviews[0]
    card = bank.get(chosen.guide)
    return str(card.path) if card and card.own else chosen.guide, chosen.why


def told_of(background: Background | None) -> list[str]:
    """Return what there is to say to a candidate about their papers before they are used."""
    if background is None or not background.cv:
        return []
    count = len(projects_of(background.cv))
    if not count:
        return [
            "No line of the CV tells what you did, as 'Led the move to ...' does: no follow-up "
            "question is tied to it."
        ]
    return [
        f"The CV has {many(count, 'line')} that {'tell' if count > 1 else 'tells'} what you did; "
        "a follow-up question may be tied to one of them."
    ]
