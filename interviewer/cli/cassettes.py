"""What `chat --cassette` puts between the session and its model."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interviewer import __version__
from interviewer.cli.models import Picked, connected, endpoint_of
from interviewer.errors import CassetteError, UsageError
from interviewer.prompts import Prompts
from interviewer.settings import Settings

if TYPE_CHECKING:
    from interviewer.llm.cassette import Cassette
    from interviewer.llm.cassette_file import About
    from interviewer.llm.client import Client


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a session with a cassette is made of, besides its model."""

    guide: str
    """The guide's id."""
    settings: Settings
    after: int
    """Events that the transcript held when it began."""


class NotedPrompts(Prompts):
    """Prompts whose names a cassette is told, so that it can say which one differs."""

    def __init__(self, override: Path | None, cassette: "Cassette") -> None:
        """Look in `override` first.

        Raises:
            PromptError: As `Prompts`.
        """
        super().__init__(override)
        self._cassette = cassette

    def render(self, name: str, **values: Any) -> str:
        """Render the template `name`, as `Prompts.render`, and note it."""
        text = super().render(name, **values)
        self._cassette.note(name, text)
        return text


def insert(file: Path | None, *, anew: bool) -> "Cassette | None":
    """Return the cassette in `file`: played where it exists, else recorded.

    Raises:
        CassetteError: It can't be played, or nothing can be recorded there.
        UsageError: `anew` is told, but no file.
    """
    if file is None:
        if anew:
            raise UsageError("--record needs --cassette FILE", hint="name the file to record in")
        return None
    from interviewer.llm.cassette import Cassette

    return Cassette.record(file, anew=anew) if anew or not file.exists() else Cassette.play(file)


def picked_from(cassette: "Cassette", settings: Settings, asked: str | None) -> Picked:
    """Return the model that a cassette was recorded with; no weights and no key are needed.

    Raises:
        UsageError: Another one is asked for.
    """
    about = _about(cassette)
    if asked is not None and {about.model, about.shown}.isdisjoint({asked, Path(asked).name}):
        raise UsageError(
            f"the cassette was recorded with {about.shown}, not with {asked}",
            where=cassette.path,
            hint="leave --model out, or --record to record anew",
        )
    return Picked(about.shown, f"played from {cassette.path.name}", settings, None)


@asynccontextmanager
async def playing(
    cassette: "Cassette",
    picked: Picked,
    prompts: Prompts,
    thinking: Callable[[str], AbstractContextManager[None]],
    recipe: Recipe,
) -> AsyncIterator["Client"]:
    """Give the model, recorded or played; see `models.connected`.

    Raises:
        CassetteError: A prompt is not the recorded one, or nothing can be written any more.
    """
    if cassette.plays:
        _check_beginning(cassette, recipe)
        async with _played(cassette, prompts) as model:
            with cassette.inserted(_about(cassette)):
                yield model
        return
    async with connected(picked, prompts, thinking) as model:
        address = "" if picked.weights else endpoint_of(picked).base_url
        about = _made_of(recipe, picked, model)
        addresses = [each for each in (address, str(picked.weights or "")) if each]
        key = picked.settings.api_key or ""
        with cassette.inserted(about, key=key, addresses=addresses):
            yield model


def _made_of(recipe: Recipe, picked: Picked, model: "Client") -> "About":
    from interviewer.llm.cassette_file import About

    settings = recipe.settings
    return About(
        recorded_by=__version__,
        model=model.name,
        shown=picked.name if picked.weights else model.name,
        at_once=model.at_once,
        guide=recipe.guide,
        options={
            "persona": settings.persona,
            "probes": settings.probes,
            "role": settings.role,
            "level": settings.level,
            "self-score": settings.self_score,
        },
        after=recipe.after,
    )


def _about(cassette: "Cassette") -> "About":
    assert cassette.about  # noqa: S101  of one that is played
    return cassette.about


def _check_beginning(cassette: "Cassette", recipe: Recipe) -> None:
    recorded = _about(cassette).after
    if recorded == recipe.after:
        return
    if recipe.after == 0:
        raise CassetteError(
            f"the cassette begins in the middle of an interview, after {recorded} events",
            where=cassette.path,
            hint="--resume with the transcript as it was then",
        )
    raise CassetteError(
        f"the cassette goes on after {recorded} events, and the transcript holds {recipe.after}",
        where=cassette.path,
        hint="another file for --cassette, to record the rest of the interview",
    )


@asynccontextmanager
async def _played(cassette: "Cassette", prompts: Prompts) -> AsyncIterator["Client"]:
    from interviewer.llm.cassette import NOWHERE
    from interviewer.llm.client import Client
    from interviewer.llm.endpoint import Endpoint

    def repair(prompt: str, reply: str, error: str) -> str:
        return prompts.render("repair", prompt=prompt, reply=reply, error=error)

    async def sleep(_: float) -> None:
        """Wait for nothing: what failed and was tried again is on the cassette too."""

    about = _about(cassette)
    endpoint = Endpoint(NOWHERE, about.model, at_once=about.at_once, local=True)
    model = Client(endpoint, repair=repair, sleep=sleep)
    try:
        yield model
    finally:
        await model.aclose()
