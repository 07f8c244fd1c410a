"""A session as one JSON object, for scripts.

made_by      "interviewer-export:" and the session's id
export       version of this shape: 1
id, started_at, length_s, interviewer_version
model        {name, source}
guide        the whole guide, as `guide show --json` prints it, and its `source`
options, prompts        as in the transcript's header
utterances   [{number, turn, role, text, kind, at_s, target, name, intent, seconds, kept, cut}];
             number and turn count from 1, and a turn is what `replay --from` takes
gaps         [{target, name, turn, probe, answers, before, after, closed}]; turn is the probe's,
             probe and answers are numbers of utterances
unasked      [id]
answer       the text that was graded, or would have been
grade        as `chat --json` prints it, without `first`; or null
first        the same of the first answer, or null
self_scored  {goal id: 1 to 5}, or null
regraded     [{at, model, model_source, guide, prompts, ... and a grade}]
stronger     {text, covered, steps, additions: [{target, kind, name, text, score, there, after,
             serves: [id]}], unknown}, or null
notes        [text]
end          {reason, prompt_tokens, cached_tokens, completion_tokens, calls, cost}, or null

A session of several interviews is one object with `interviews` in it:

made_by, export, id, started_at, length_s, interviewer_version, model, options, prompts
             as above; length_s is that of the interviews together, without breaks
plan         {interviews: [{guide, why}], minutes, role, kind, level}
overall      the mean of the interviews' overall scores, 1 to 5, or null
review       as `interviewer.review.Review` has it; null before the end
reason       done, time or finished (by the candidate, in a break); null before the end
passed       [{guide, why}]
interviews   [an object as above, with `number`, `of` and `why`]; its id is ID/NUMBER, and what it
             counts, turns too, begins with 1
notes        [text], from before the first interview
"""

from dataclasses import asdict
from typing import Any

from interviewer.export.account import Account
from interviewer.export.session_account import Part, SessionAccount
from interviewer.export.stronger import Addition, Stronger
from interviewer.export.utterances import Asked, Utterance

VERSION = 1


def object_of(account: Account, *, mark: str) -> dict[str, Any]:
    """Return what the module says, ready for `json.dumps`."""
    header = account.header
    return {
        "made_by": mark,
        "export": VERSION,
        "id": header.id,
        "started_at": header.started_at.isoformat(),
        "length_s": account.length_s,
        "interviewer_version": header.interviewer_version,
        "model": {"name": header.model, "source": header.model_source},
        "guide": account.guide.model_dump(mode="json") | {"source": header.guide_source},
        "options": header.options,
        "prompts": header.prompts,
        "utterances": [_utterance(each, account) for each in account.utterances],
        "gaps": [_gap(each) for each in account.gaps],
        "unasked": list(account.unasked),
        "answer": account.answer,
        **_grades(account),
        "stronger": _stronger(account.stronger) if account.stronger else None,
        "notes": account.notes,
        "end": _event(account.end),
    }


def session_object_of(account: SessionAccount, *, mark: str) -> dict[str, Any]:
    """Return what the module says of a session of several interviews."""
    header, reviewed = account.header, account.reviewed
    return {
        "made_by": mark,
        "export": VERSION,
        "id": header.id,
        "started_at": header.started_at.isoformat(),
        "length_s": account.length_s,
        "interviewer_version": header.interviewer_version,
        "model": {"name": header.model, "source": header.model_source},
        "options": header.options,
        "prompts": header.prompts,
        "plan": account.plan.model_dump(mode="json"),
        "overall": account.overall,
        "review": reviewed and reviewed.review,
        "reason": reviewed and reviewed.reason,
        "passed": [_event(each) for each in account.passed],
        "interviews": [_part(each, mark) for each in account.parts],
        "notes": account.notes,
    }


def _part(part: Part, mark: str) -> dict[str, Any]:
    begun = part.begun
    told = {"number": begun.number, "of": begun.of, "why": begun.why}
    return told | object_of(part.account, mark=mark)


def _grades(account: Account) -> dict[str, Any]:
    grade = _event(account.graded)
    first = grade.pop("first") if grade else None
    return {
        "grade": grade,
        "first": first,
        "self_scored": account.own,
        "regraded": [_event(each) for each in account.regraded],
    }


def _event(event: Any) -> dict[str, Any] | None:
    """Return an event without its own name: the key says what it is."""
    return None if event is None else event.model_dump(mode="json", exclude={"event"})


def _utterance(utterance: Utterance, account: Account) -> dict[str, Any]:
    target = utterance.target
    return asdict(utterance) | {"name": account.name(target) if target else None}


def _gap(gap: Asked) -> dict[str, Any]:
    return {
        "target": gap.target,
        "name": gap.name,
        "turn": gap.probe.turn,
        "probe": gap.probe.number,
        "answers": [each.number for each in gap.answers],
        "before": gap.before,
        "after": gap.after,
        "closed": gap.closed,
    }


def _stronger(found: Stronger) -> dict[str, Any]:
    return {
        "text": found.text,
        "covered": found.covered,
        "steps": found.steps,
        "additions": [_addition(each) for each in found.additions],
        "unknown": list(found.unknown),
    }


def _addition(each: Addition) -> dict[str, Any]:
    return asdict(each) | {"serves": [goal.target for goal in each.serves]}
