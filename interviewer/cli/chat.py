"""`interviewer chat`: be interviewed about one question, and graded."""

from pathlib import Path

import click

from interviewer.cli.choices import DEFAULT_GUIDE

_PATH = click.Path(path_type=Path)


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
@click.option("--no-pull", is_flag=True, help="Never download a model.")
@click.option("--json", "as_json", is_flag=True, help="Print events as JSON lines.")
def chat(guide: str | None, guide_option: str | None, **flags: object) -> None:
    """Be interviewed about GUIDE, a path or a name, and graded.

    Type your answer and press Enter; Alt+Enter starts a new line. /help lists what else there
    is. Input that is piped is one reply per paragraph, and its end asks for the grade.
    """
    from interviewer.cli.chatting import Choice, hold

    own = {name: flags.pop(name) for name in ("resume", "no_pull", "as_json")}
    chosen = Choice(
        guide=guide_option or guide or DEFAULT_GUIDE,
        flags=flags,
        resume=own["resume"] if isinstance(own["resume"], str) else None,
        allow_pull=not own["no_pull"],
        as_json=bool(own["as_json"]),
    )
    if code := hold(chosen):
        raise click.exceptions.Exit(code)
