"""What several commands choose alike: the guide, the folder of transcripts."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from interviewer.guide import Guide

DEFAULT_GUIDE = "failed-as-a-product-manager"


def guide_folders() -> list[Path]:
    """Return where guides are looked up by name: the user's own first, then those that ship."""
    from platformdirs import user_data_path

    from interviewer.shipped import shipped_guides_folder

    return [user_data_path("interviewer") / "guides", shipped_guides_folder()]


def load(name_or_path: str) -> "Guide":
    """Return the guide that a path or a name means.

    Raises:
        GuideError: There is none, or it has faults.
    """
    from interviewer.guide_file import find_guide, load_guide

    return load_guide(find_guide(name_or_path, guide_folders()))
