"""Settings and where each came from: flag, environment, file, default, in this order."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from interviewer.errors import UsageError
from interviewer.value import Value

Source = Literal["flag", "environment", "file", "default"]


class Settings(Value):
    """What a user can set; every field may stand in the file `config.toml`."""

    model: str | None = None
    """A name of the catalogue, a path to a GGUF file, or a model of the endpoint."""
    base_url: str | None = None
    """Address of an OpenAI-compatible endpoint."""
    api_key: str | None = Field(default=None, repr=False)
    transcripts: Path | None = None
    """Folder of transcripts; None: the checkout's, or the user's data folder."""
    prompts: Path | None = None
    """Folder whose templates override the shipped ones."""
    calibration: Path | None = None
    """A file that `interviewer calibrate` wrote: scores are on your raters' scale."""
    persona: Literal["friendly", "neutral", "tough"] = "neutral"
    role: str | None = None
    level: str | None = None
    probes: int = Field(default=4, ge=0, le=20)
    self_score: bool = False
    """Whether candidates are asked for their own scores before they see the grade."""
    price_prompt: float | None = Field(default=None, ge=0)
    """Price of a million prompt tokens."""
    price_completion: float | None = Field(default=None, ge=0)
    """Price of a million completion tokens."""
    ask: Literal["each", "all"] = "all"
    """An endpoint is asked about `each` sentence, which small models need, or `all` in one call."""
    timeout_s: float = Field(default=60.0, gt=0)


ENVIRONMENT = {
    "model": "INTERVIEWER_MODEL",
    "base_url": "OPENAI_BASE_URL",
    "api_key": "OPENAI_API_KEY",
    **{
        name: f"INTERVIEWER_{name.upper()}"
        for name in Settings.model_fields
        if name not in {"model", "base_url", "api_key"}
    },
}
"""Field -> the variable that sets it."""


def config_file() -> Path:
    """Return the path of the settings file, whether it exists or not."""
    from platformdirs import user_config_path

    return user_config_path("interviewer") / "config.toml"


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> tuple[Settings, dict[str, Source]]:
    """Return the settings, and for each where it came from.

    Args:
        flags: Field -> value; None counts as not given.
        environ: The environment; None: this process's.
        file: The settings file; None: `config_file()`.

    Raises:
        UsageError: A value is wrong; the message says which and where it stands.
    """
    environ = os.environ if environ is None else environ
    file = file or config_file()
    layers: list[tuple[Source, dict[str, Any]]] = [
        ("file", _read(file)),
        ("environment", {k: v for k, name in ENVIRONMENT.items() if (v := environ.get(name))}),
        ("flag", {k: v for k, v in (flags or {}).items() if v is not None}),
    ]
    values: dict[str, Any] = {}
    sources: dict[str, Source] = dict.fromkeys(Settings.model_fields, "default")
    for source, layer in layers:
        values |= layer
        sources |= dict.fromkeys(layer, source)
    try:
        return Settings.model_validate(values), sources
    except ValidationError as error:
        raise _wrong(error, sources, file) from None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(str(error), where=file, hint="mend the file, or remove it") from error


def _wrong(error: ValidationError, sources: Mapping[str, Source], file: Path) -> UsageError:
    fault = error.errors()[0]
    name = str(fault["loc"][0])
    place = {
        "flag": f"--{name.replace('_', '-')}",
        "environment": ENVIRONMENT.get(name, name),
        "file": str(file),
    }.get(sources.get(name, "file"), str(file))
    what = "is no setting" if fault["type"] == "extra_forbidden" else fault["msg"]
    hint = "interviewer config shows every setting and where it came from"
    return UsageError(f"{name}: {what}", where=place, hint=hint)
