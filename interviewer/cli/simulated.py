"""What `interviewer simulate` shows of the interviews that it held."""

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from interviewer.simulation.run import Outcome
    from interviewer.simulation.summary import Row

_HEAD = ("ended", "asked", "valid", "gap", "gain", "first", "final", "flags", "s", "ktok")
_MOST = 12
"""Odd interviews that are named; --json has all."""


def name_of(outcome: "Outcome") -> str:
    """Return who was interviewed about what."""
    scene = outcome.held.scene
    return f"{scene.persona.id}, {scene.guide.id}"


def told_of(outcome: "Outcome") -> str:
    """Return what came of it, in a line."""
    from interviewer.terminal.batch_view import figure

    found = outcome.measures
    return f"{len(found.probes)} probes, {figure(found.first)} -> {figure(found.final)}"


def draw(found: "list[Outcome]", *, as_json: bool) -> None:
    """Draw a table, and what somebody should look at; or print one JSON object."""
    from interviewer.simulation.summary import rows_of
    from interviewer.terminal.batch_view import draw_note, draw_table

    measures = [each.measures for each in found]
    one = len({each.persona for each in measures}) == 1 < len({each.guide for each in measures})
    by = "guide" if one else "persona"
    rows = rows_of(measures, "guide" if one else "persona")
    if as_json:
        click.echo(json.dumps(_as_json(found, rows, by)))
    elif found:
        draw_table([by, *_HEAD], [_cells(row) for row in rows])
        _draw_odd([each for each in found if each.measures.odd])
        draw_note(f"Transcripts: {found[0].path.parent}")


def _cells(row: "Row") -> list[str]:
    from interviewer.terminal.batch_view import figure

    return [
        row.name,
        f"{row.ended}/{row.interviews}",
        str(row.probes),
        _share(row.valid, row.probes),
        _share(row.real, row.decided),
        figure(row.gained, 1),
        figure(row.first),
        figure(row.final),
        str(row.flags),
        f"{row.seconds:.0f}",
        f"{row.tokens / 1000:.1f}",
    ]


def _share(part: int, of: int) -> str:
    return f"{part / of:.0%}" if of else "-"


def _draw_odd(odd: "list[Outcome]") -> None:
    from interviewer.terminal.batch_view import draw_note

    for each in odd[:_MOST]:
        draw_note(f"{name_of(each)}: {'; '.join(each.measures.odd)}")
        draw_note(f"    interviewer replay {each.path}")
    if len(odd) > _MOST:
        draw_note(f"... and {len(odd) - _MOST} more; --json names them all")


def _as_json(found: "list[Outcome]", rows: "list[Row]", by: str) -> dict[str, Any]:
    return {
        "by": by,
        "rows": [row.model_dump() for row in rows],
        "interviews": [
            {
                "transcript": str(each.path),
                "seed": each.held.scene.seed,
                "played": each.held.scene.played,
                "odd": each.measures.odd,
                **each.measures.model_dump(mode="json"),
            }
            for each in found
        ],
    }
