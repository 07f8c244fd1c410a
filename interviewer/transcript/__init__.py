"""Transcripts: a session as JSON lines, appended event by event and picked up after any end.

The first line is a header with all that replaying or resuming needs: the guide itself, the model,
the options. Each further line is one event with its time. A line counts once its closing brace is
on the disk, so whatever a killed process leaves behind reads as the events before the kill.

`writing` appends, and goes on with a file only if it is whole but for a torn last line. `reading`
is as strict; `salvaging` gives whatever can be read of a damaged file, and says what can't.
`interviews` parts a session of several, which a `Begun` opens each, into transcripts of one.
`lines` knows what one line means, `migrating` what older ones meant, `folders` where files are.
Nothing here knows a model or a terminal.
"""

from interviewer.transcript.folders import default_folder, find_last
from interviewer.transcript.interviews import interviews_of, number_of, salvaged_interviews
from interviewer.transcript.lines import SCHEMA, Header, Plan, Planned, names_in
from interviewer.transcript.reading import Recorded, load_transcript
from interviewer.transcript.salvaging import Fault, Salvaged, salvage_transcript
from interviewer.transcript.writing import Transcript, held

__all__ = [
    "SCHEMA",
    "Fault",
    "Header",
    "Plan",
    "Planned",
    "Recorded",
    "Salvaged",
    "Transcript",
    "default_folder",
    "find_last",
    "held",
    "interviews_of",
    "load_transcript",
    "names_in",
    "number_of",
    "salvage_transcript",
    "salvaged_interviews",
]
