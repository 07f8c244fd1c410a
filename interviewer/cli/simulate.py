"""`interviewer simulate`: interviews with candidates who go by a script, or whom a model plays."""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.model_options import model_options

if TYPE_CHECKING:
    from interviewer.simulation.run import Outcome, Topic
    from interviewer.simulation.scene import Scene


@click.command()
@click.option("--persona", "who", default="all", help="A persona's name or path, several, or all.")
@click.option("--guide", help="A guide's name or path, or all.")
@click.option("-n", type=click.IntRange(1, 1000), default=1, help="For each persona and guide.")
@click.option("--story", type=click.Path(path_type=Path), help="What there is to tell.")
@click.option("--played", is_flag=True, help="Let the model play the candidate too.")
@click.option("--probes", type=click.IntRange(0, 20), default=4, help="The most of an interview.")
@click.option("--seed", type=int, default=0, help="Varies what a script leaves open.")
@click.option(
    "--transcripts", type=click.Path(file_okay=False, path_type=Path), help="Where to save them."
)
@click.option("--list", "listed", is_flag=True, help="List the personas, and hold nothing.")
@model_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(listed: bool, **options: Any) -> None:
    """Hold interviews with simulated candidates, to see how a guide and a model do.

    A persona is how somebody behaves, such as thin, rambling or hostile; a story what they have to
    tell about a guide. Where a guide has no story, the model plays the candidate.
    """
    if listed:
        _list()
        return
    raise click.exceptions.Exit(_simulate(**options))


def _list() -> None:
    from interviewer.cli.choices import persona_folders
    from interviewer.simulation.persona import find_personas
    from interviewer.text import printable

    for persona in find_personas("all", persona_folders()):
        click.echo(printable(f"{persona.id}\n    {persona.name}"))


def _simulate(
    *,
    who: str,
    guide: str | None,
    n: int,
    story: Path | None,
    played: bool,
    seed: int,
    as_json: bool,
    **rest: Any,
) -> int:
    from interviewer.cli.choices import DEFAULT_GUIDE, persona_folders
    from interviewer.cli.simulated import draw
    from interviewer.errors import InterviewerError, UsageError
    from interviewer.simulation.persona import find_personas
    from interviewer.simulation.run import scenes_of

    personas = find_personas(who, persona_folders())
    topics = _topics(guide or DEFAULT_GUIDE, story)
    scenes = list(scenes_of(topics, personas, n=n, seed=seed, played=played))
    if not scenes:
        raise UsageError("nobody to interview", hint="interviewer simulate --list")
    found: list[Outcome] = []
    try:
        asyncio.run(_hold(scenes, found, as_json=as_json, **rest))
    except KeyboardInterrupt:
        draw(found, as_json=as_json)
        return 130
    except InterviewerError:
        if found:
            draw(found, as_json=as_json)
        raise
    draw(found, as_json=as_json)
    return 0


def _topics(name: str, story: Path | None) -> "list[Topic]":
    """Return the guide of a name or path with its story, or all of the bank that have one.

    Raises:
        GuideError: The guide, or its story, can't be used.
    """
    from interviewer.cli.choices import find, load, load_all, story_folders
    from interviewer.errors import UsageError
    from interviewer.guide_file import read_document
    from interviewer.simulation.run import Topic
    from interviewer.simulation.story import find_story, parse_story

    if name == "all" and story:
        raise UsageError("one story is about one guide", where="--story", hint="name the --guide")
    if name == "all":
        found = (
            Topic(guide := load(str(path)), path.stem, find_story(guide, story_folders(path)))
            for path in (card.path for card in load_all().cards)
        )
        return [topic for topic in found if topic.story]
    guide = load(name)
    if story:
        told = parse_story(read_document(story, "story"), guide, source=str(story))
        return [Topic(guide, name, told)]
    return [Topic(guide, name, find_story(guide, story_folders(find(name))))]


async def _hold(
    scenes: "list[Scene]", found: "list[Outcome]", *, as_json: bool, **options: Any
) -> None:
    """Hold the interviews; what came of each is added to `found` as soon as it is over."""
    import tempfile

    from interviewer.cli.models import connected, pick
    from interviewer.cli.simulated import name_of, told_of
    from interviewer.prompts import Prompts
    from interviewer.session import Manner
    from interviewer.settings import load_settings
    from interviewer.simulation.run import simulate as held
    from interviewer.simulation.scene import Stage
    from interviewer.terminal.batch_view import draw_note, steps_of

    names = ("no_pull", "probes", "transcripts")
    no_pull, probes, folder = (options.pop(name) for name in names)
    settings, sources = load_settings(options)
    prompts = Prompts(settings.prompts)
    picked = pick(settings, sources, allow_pull=not no_pull)

    def thinking(what: str) -> AbstractContextManager[None]:
        if not as_json:
            draw_note(f"{what} ...", stderr=True)
        return nullcontext()

    folder = folder or Path(tempfile.mkdtemp(prefix="interviewer-simulated-"))
    async with connected(picked, prompts, thinking) as model:
        manner = Manner(settings.persona)
        stage = Stage(model, prompts, folder, picked.name, picked.why, probes, manner)
        with steps_of(len(scenes), quiet=as_json) as steps:
            async for outcome in held(scenes, stage):
                found.append(outcome)
                steps.step(name_of(outcome), told_of(outcome))
