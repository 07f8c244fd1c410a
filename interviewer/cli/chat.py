"""`interviewer chat`: be interviewed about one question, and graded."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.durations import Span
from interviewer.cli.numbers import Number

if TYPE_CHECKING:
    from interviewer.cli.planned import Wanted

_PATH = click.Path(path_type=Path)
_SESSION = ("session", "kind", "minutes", "not_within")


@click.command()
@click.argument("guide", required=False)
@click.option("--guide", "guide_option", help="Path or name of a guide; the same as GUIDE.")
@click.option("--model", help="An embedded model's name, a GGUF file, or an endpoint's model.")
@click.option("--base-url", help="Address of an OpenAI-compatible endpoint.")
@click.option(
    "--ask",
    type=click.Choice(["each", "all"]),
    help="Ask an endpoint about each sentence (small models), or all in one call.",
)
@click.option("--role", help="The job you practise for; the guide's own by default.")
@click.option("--level", help="The level of the job, such as senior.")
@click.option("--probes", type=click.IntRange(0, 20), help="Follow-up questions at the most.")
@click.option("--persona", type=click.Choice(["friendly", "neutral", "tough"]))
@click.option("--prompts", type=_PATH, help="Folder whose templates override the shipped ones.")
@click.option("--transcripts", type=_PATH, help="Folder to save the transcript in.")
@click.option("--calibration", type=_PATH, help="A file that interviewer calibrate wrote.")
@click.option(
    "--resume", is_flag=False, flag_value="", help="Go on with a transcript, or the last."
)
@click.option("--self-score/--no-self-score", default=None, help="Ask for your own scores first.")
@click.option(
    "--session", type=click.IntRange(1, 20), metavar="N", help="Several interviews, with breaks."
)
@click.option("--kind", help="In a session: only such questions, as behavioural.")
@click.option("--minutes", type=Number(0, min_open=True), help="In a session: the time it has.")
@click.option("--not-within", type=Span(), help="In a session: no question again so soon; 14d.")
@click.option("--cv", type=_PATH, help="Your CV (txt, md, pdf, docx): probes are tied to it.")
@click.option("--job", type=_PATH, help="The job posting: questions are chosen by it.")
@click.option("--again", type=_PATH, help="Hold a transcript's interview once more: its answers.")
@click.option(
    "--cassette", type=_PATH, help="Record the model's replies; if FILE exists, play them."
)
@click.option("--record", is_flag=True, help="Record the cassette anew.")
@click.option("--no-pull", is_flag=True, help="Never download a model.")
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON lines.")
def chat(
    guide: str | None,
    guide_option: str | None,
    again: Path | None,
    cassette: Path | None,
    cv: Path | None,
    job: Path | None,
    **flags: Any,
) -> None:
    """Be interviewed about GUIDE, a path or a name, and graded.

    With --session N about N questions, those first that you need most, with a break after each and
    a review at the end; --role, --kind and --level choose among the guides.

    Type your answer and press Enter; Alt+Enter starts a new line. /help lists what else there
    is. Input that is piped is one reply per paragraph, and its end asks for the grade.

    --cv and --job are data for the interviewer alone: they are kept in the transcript, and a prompt
    holds at most the one line of the CV that a follow-up question is about.

    A cassette holds all that the model replied. With the same guide, options and answers it
    plays them back, on any machine, without a model.
    """
    from interviewer.cli.chatting import Choice, hold

    names = ("resume", "no_pull", "as_json", "record")
    own = {name: flags.pop(name) for name in names}
    wanted = _wanted({name: flags.pop(name) for name in _SESSION})
    chosen = Choice(
        guide=guide_option or guide,
        flags=flags,
        resume=own["resume"] if isinstance(own["resume"], str) else None,
        allow_pull=not own["no_pull"],
        as_json=bool(own["as_json"]),
        again=again,
        cassette=cassette,
        record=bool(own["record"]),
        wanted=wanted,
        cv=cv,
        job=job,
    )
    if code := hold(chosen):
        raise click.exceptions.Exit(code)


def _wanted(given: dict[str, Any]) -> "Wanted | None":
    """Return what a session is to be; None where none is asked for.

    Raises:
        UsageError: Something is asked of a session, but none is asked for.
    """
    from interviewer.cli.planned import Wanted
    from interviewer.errors import UsageError

    interviews = given.pop("session")
    if interviews is not None:
        return Wanted(interviews, **given)
    if lost := next((name for name, value in given.items() if value is not None), ""):
        option = f"--{lost.replace('_', '-')}"
        raise UsageError(f"{option} is for a session", hint=f"--session 3 {option} ...")
    return None
