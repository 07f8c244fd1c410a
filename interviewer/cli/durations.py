"""How long something takes, as it is typed."""

import re
from math import inf
from typing import Any

import click

_UNITS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0}


class Duration(click.ParamType[float]):
    """Seconds, more than none, written as 2, 2s, 500ms or 1m."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return seconds."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|)", str(value).strip())
        if found is None or not 0 < float(found[1]) < inf:
            self.fail(f"{value!r} is no duration; 2s, 500ms or 1m is", param, ctx)
        return float(found[1]) * _UNITS[found[2]]
