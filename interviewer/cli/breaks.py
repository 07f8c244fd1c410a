"""The break between two interviews: at a keyboard somebody decides, a pipe goes on."""

from collections.abc import Callable

from interviewer.cli.person import BREAK
from interviewer.people import Candidate, Left
from interviewer.sitting import Wish

_GO_ON = {"", "yes", "y", "ok", "okay", "go on", "next", "next question", "ready", "continue"}
_WISHES: dict[str, Wish] = {"/skip": "skip", "/finish": "finish"}
HOW = (
    "Enter goes on; /skip leaves that one out, /finish ends the session with its review, "
    "/quit stops until another day."
)


async def wish_of(candidate: Candidate, tell: Callable[[str], None]) -> Wish:
    """Return what the candidate wants to do next.

    Args:
        candidate: Who is asked.
        tell: Shows what there is to type.

    Raises:
        Left: They leave, by a word or by Ctrl-D.
    """
    from interviewer.terminal.piped import Piped

    if isinstance(candidate, Piped):
        return "finish" if await candidate.has_ended() else "go on"
    while True:
        try:
            typed = (await candidate.read(BREAK, optional=True)).text.strip().lower()
        except EOFError:
            raise Left from None
        if typed == "/quit":
            raise Left
        if typed.rstrip(".!") in _GO_ON:
            return "go on"
        if wish := _WISHES.get(typed):
            return wish
        tell(f"This is the break. {HOW}")
