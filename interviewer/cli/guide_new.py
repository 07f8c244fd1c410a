"""`interviewer guide new`: have the model draft a guide, for a person to mend."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.model_options import model_options

if TYPE_CHECKING:
    from interviewer.bank import Bank
    from interviewer.drafting import Drafted, Paper


@click.command()
@click.argument("question")
@click.option(
    "--kind", default="", help="Such as behavioural; by default that of questions worded like it."
)
@click.option("--role", default="", help="The job; by default for every job.")
@click.option("--level", default="", help="Such as senior; by default for every level.")
@click.option("--id", default="", help="By default made from the question.")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File; by default in your own folder, where guides are found by name.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@model_options
def new(out: Path | None, force: bool, no_pull: bool, **given: Any) -> None:
    """Draft a guide about QUESTION with the model, for you to mend.

    This takes some minutes. What it can't write is left as a line that says what
    belongs there. The draft is marked as one until you take `draft: true` out.
    """
    from interviewer.cli.choices import guide_folders, load_all
    from interviewer.drafting.wish import Wish, paper_of
    from interviewer.terminal.batch_view import draw_note

    about = {name: given.pop(name) for name in ("question", "kind", "role", "level", "id")}
    bank = load_all()
    paper = paper_of(Wish(**about), bank)
    if not about["kind"] and paper.kind:
        draw_note(
            f"taken for a question of the kind {paper.kind}; --kind says otherwise", stderr=True
        )
    path = out or guide_folders()[0] / f"{paper.id}.md"
    if not force:
        _check_new(path, paper, bank)
    _check_folder(path)
    drafted = asyncio.run(_drafted(paper, bank, given, allow_pull=not no_pull))
    _write(path, drafted.text, force=force)
    _draw(path, drafted, found=out is None)


def _check_folder(path: Path) -> None:
    """Refuse a path that can't be written before minutes are spent on what stands there.

    Raises:
        DataError: It can't be written.
    """
    import tempfile

    from interviewer.batch.writing import writing

    with writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.is_file()  # a name may be too long
        tempfile.TemporaryFile(dir=path.parent).close()


def _check_new(path: Path, paper: "Paper", bank: "Bank") -> None:
    """Refuse to write over a file, or to draft what a guide asks already.

    Raises:
        UsageError: It is there.
    """
    from interviewer.batch.writing import writing
    from interviewer.errors import UsageError

    with writing(path):
        if path.exists() or path.is_symlink():
            hint = "another --id or -o, or --force"
            raise UsageError("is there already", where=path, hint=hint)
    if known := bank.get(paper.id):
        hint = "another --id, or --force for one of your own that stands in for it"
        raise UsageError(f"there is a guide {paper.id}", where=known.path, hint=hint)
    if same := bank.asking(paper.question):
        hint = f"interviewer chat {same.id}, or --force to draft another"
        raise UsageError(f"the guide {same.id} asks this question", hint=hint)


async def _drafted(
    paper: "Paper", bank: "Bank", flags: Mapping[str, Any], *, allow_pull: bool
) -> "Drafted":
    from interviewer.cli.models import connected, pick
    from interviewer.drafting import PARTS, draft
    from interviewer.prompts import Prompts
    from interviewer.settings import load_settings
    from interviewer.terminal.batch_view import draw_note, steps_of

    def thinking(what: str) -> AbstractContextManager[None]:
        draw_note(f"{what} ...", stderr=True)
        return nullcontext()

    settings, sources = load_settings(flags)
    prompts = Prompts(settings.prompts)
    picked = pick(settings, sources, allow_pull=allow_pull)
    async with connected(picked, prompts, thinking, patient=True) as model:
        with steps_of(len(PARTS), quiet=False) as steps:
            return await draft(paper, bank, model, prompts, on_part=steps.step)


def _write(path: Path, text: str, *, force: bool) -> None:
    """Write the draft as a whole or not at all.

    Raises:
        UsageError: Somebody else has written the file meanwhile.
        DataError: It can't be written.
    """
    from interviewer.batch.writing import replacing
    from interviewer.errors import UsageError

    if not force and path.exists():
        raise UsageError("is there already", where=path, hint="another --id or -o, or --force")
    with replacing(path) as file:
        file.write(text)


def _draw(path: Path, drafted: "Drafted", *, found: bool) -> None:
    from interviewer.terminal.batch_view import draw_note

    draw_note(
        f"{path}: a draft of {len(drafted.guide.goals)} goals and {len(drafted.guide.steps)} steps"
    )
    if drafted.missing:
        draw_note(f"you have to write: {', '.join(drafted.missing)}")
    name = drafted.guide.id if found else path
    draw_note(
        f"next: read it through and mend it in an editor, then\n"
        f"  interviewer guide check {name}\n"
        f"  interviewer guide test {name}\n"
        f"and take the line `draft: true` out."
    )
