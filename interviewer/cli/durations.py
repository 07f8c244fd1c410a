"""How long something takes, as it is typed."""

import re
from datetime import timedelta
from math import inf
from typing import Any

import click

_UNITS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "min": 60.0}
_SPANS = {"h": 1 / 24, "d": 1.0, "w": 7.0}


class Span(click.ParamType[timedelta]):
    """Hours, days or weeks, written as 12h, 14d or 2w; 0 is none."""

    name = "span"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the span."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,5}) ?([hdw])|0", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no span; 12h, 14d or 2w is", param, ctx)
        return timedelta(days=int(found[1]) * _SPANS[found[2]]) if found[1] else timedelta()


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
