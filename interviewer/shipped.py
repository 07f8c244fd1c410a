"""Where the templates and guides lie that ship: in the checkout, or in the wheel."""

from pathlib import Path


def shipped_folder() -> Path:
    """Return the folder of templates: the checkout's, or the copy that the wheel carries."""
    here = Path(__file__).parent
    packed = here / "_prompts"
    return packed if packed.is_dir() else here.parent / "prompts"


def shipped_guides_folder() -> Path:
    """Return the folder of the guides that ship."""
    return shipped_folder() / "guides"
