"""Events for programs: one JSON object a line."""

import json
import sys
from typing import TextIO

from interviewer.events import Event


class JsonLines:
    """Prints each event on stdout at once, in ASCII: no control sequence gets through."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout

    def event(self, event: Event) -> None:
        """Print `event`.

        Raises:
            BrokenPipeError: Nobody reads any more.
        """
        self._stream.write(json.dumps(event.model_dump(mode="json")) + "\n")
        self._stream.flush()
