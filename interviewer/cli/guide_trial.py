"""`interviewer guide test`: whether the current model can judge a guide."""

import asyncio
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from interviewer.cli.model_options import model_options

if TYPE_CHECKING:
    from interviewer.batch.trial import Tried
    from interviewer.rubric import Rubric


@click.command()
@click.argument("file")
@model_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def test(file: str, no_pull: bool, as_json: bool, **flags: Any) -> None:
    """Test whether the model can judge FILE, a path or the name of a guide.

    It grades the guide's own examples, an off-topic answer, one that tries to talk the grader
    round, and an empty one. Strong must come before weak, and weak before the rest, by half a
    point. Exits 1 if the order is wrong.
    """
    from interviewer.batch.trial import faults_of, trials_of, try_out
    from interviewer.cli.batching import grader_of, set_up
    from interviewer.rubric import rubric_of
    from interviewer.terminal.batch_view import draw_note, steps_of

    setup = set_up(file, flags, allow_pull=not no_pull)
    total = len(trials_of(setup.guide, setup.prompts))

    async def work() -> "list[Tried]":
        with steps_of(total, quiet=as_json) as steps:
            async with grader_of(setup, quiet=as_json) as (grader, _):
                return await try_out(
                    grader, lambda tried: steps.step(tried.trial.name, _told(tried))
                )

    tried = asyncio.run(work())
    faults = faults_of(tried)
    if as_json:
        click.echo(json.dumps(_as_json(tried, faults, setup.picked.name)))
    else:
        _draw(tried, rubric_of(setup.guide))
        for fault in faults:
            draw_note(fault)
        verdict = "can't judge" if faults else "can judge"
        draw_note(f"{setup.picked.name} {verdict} the guide {setup.guide.id}.")
    if faults:
        raise click.exceptions.Exit(1)


def _told(tried: "Tried") -> str:
    score = tried.grade.overall
    return "no overall score" if score is None else f"{score:.1f} of 5"


def _draw(tried: "Sequence[Tried]", rubric: "Rubric") -> None:
    from interviewer.terminal.batch_view import draw_table, figure

    names = {"overall": "Overall"} | rubric.names
    targets = [criterion.id for criterion in rubric.criteria]
    answers = [f"{each.trial.name}\n{each.trial.kind}" for each in tried]
    rows = [["Overall", *(figure(each.grade.overall) for each in tried)]]
    rows += [
        [names[target], *(figure(each.grade.criteria.get(target)) for each in tried)]
        for target in targets
    ]
    covered = [sum(found is True for found in each.grade.steps.values()) for each in tried]
    rows.append([f"steps covered, of {len(rubric.steps)}", *(str(each) for each in covered)])
    draw_table(["", *answers], rows)


def _as_json(tried: "Sequence[Tried]", faults: Sequence[str], model: str) -> dict[str, object]:
    return {
        "model": model,
        "can_judge": not faults,
        "faults": list(faults),
        "answers": [
            {
                "name": each.trial.name,
                "kind": each.trial.kind,
                "overall": each.grade.overall,
                "criteria": each.grade.criteria,
                "steps": each.grade.steps,
            }
            for each in tried
        ],
    }
