"""What several commands choose alike: the guide, the folder of transcripts."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.bank import Bank
    from interviewer.guide import Guide
    from interviewer.transcript import Recorded

DEFAULT_GUIDE = "failed-as-a-product-manager"


def guide_folders() -> list[Path]:
    """Return where guides are looked up by name: the user's own first, then those that ship."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_guides_folder

    return [user_data_path("interviewer") / "guides", shipped_guides_folder()]


def load(name_or_path: str) -> "Guide":
    """Return the guide that a path or a name means, ready to judge by.

    A plain document does not say how its goals are judged; where a shipped guide asks the same
    question with the same goals and steps, it is judged by that one's labels and checks.

    Raises:
        GuideError: There is none, or it has faults.
    """
    from interviewer.shipped import shipped_guides_folder

    guide = load_plain(name_or_path)
    if guide.labels or guide.checks:
        return guide
    shipped = _bank_of(shipped_guides_folder())
    alike = shipped.asking(guide.question)
    found = alike and shipped.guide(alike.id)
    return guide.judged_like(found) if found else guide


def one_of(recorded: "Recorded", number: int | None) -> "Recorded":
    """Return one interview of a transcript: the one with a number, else the only one.

    Raises:
        UsageError: It holds several and no number is given, or none with this number.
    """
    from interviewer.errors import UsageError
    from interviewer.text import many
    from interviewer.transcript import interviews_of

    found = dict(enumerate(interviews_of(recorded), start=1))
    if number is None and len(found) == 1:
        return found[1]
    if number is not None and number in found:
        return found[number]
    hint = " or ".join(f"--interview {each}" for each in found)
    holds = f"it holds {many(len(found), 'interview')}"
    raise UsageError(holds, where=recorded.path, hint=hint or "go on with it: chat --resume")


def load_all() -> "Bank":
    """Return the bank of all guides: the user's own, and those that ship."""
    from interviewer.bank import load_bank

    return load_bank(guide_folders())


@cache
def _bank_of(folder: Path) -> "Bank":
    from interviewer.bank import load_bank

    return load_bank([folder])


def load_plain(name_or_path: str) -> "Guide":
    """Return the guide that a path or a name means, as it stands in its file.

    Raises:
        GuideError: There is none, or it has faults.
    """
    from interviewer.guide_file import load_guide

    return load_guide(find(name_or_path))


def find(name_or_path: str) -> Path:
    """Return the file of the guide that a path, the name of a file or an id means.

    Raises:
        GuideError: There is none.
    """
    from interviewer.errors import GuideError
    from interviewer.guide_file import find_guide

    folders = guide_folders()
    try:
        found = find_guide(name_or_path, folders)
    except GuideError:
        if mine := _own_with_id(name_or_path):
            return mine
        raise
    return (_own_with_id(name_or_path) if found.parent == folders[-1] else None) or found


def _own_with_id(id: str) -> Path | None:
    """Return the file of the user's own guide with this id."""
    from interviewer.bank import load_bank

    card = load_bank(guide_folders()[:1]).get(id)
    return card.path if card else None


def persona_folders() -> list[Path]:
    """Return where personas are looked up by name: the user's own first, then those that ship."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_folder

    return [user_data_path("interviewer") / "personas", shipped_folder() / "personas"]


def story_folders(guide: Path) -> list[Path]:
    """Return where the story about a guide is: beside it, in the user's own folder, the shipped."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_folder

    beside = guide.parent / "stories"
    return [beside, user_data_path("interviewer") / "stories", shipped_folder() / "stories"]
