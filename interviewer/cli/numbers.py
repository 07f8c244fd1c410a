"""Numbers, as they are typed."""

from math import isfinite
from typing import Any

import click


class Number(click.FloatRange):
    """A finite number within a range; `nan` and `inf` lie in every range, and mean nothing."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number."""
        found = float(super().convert(value, param, ctx))
        if not isfinite(found):
            self.fail(f"{value!r} is no number", param, ctx)
        return found
