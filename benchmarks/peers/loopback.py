"""What all runners do first, each in its peer's environment: nothing but the standard library."""

import os
import sys
from typing import Any, TextIO

_HERE = {"127.0.0.1", b"127.0.0.1", "localhost", b"localhost", None}


def held() -> TextIO:
    """Hold this process to the machine; return where its lines go.

    Whatever the libraries print goes to stderr: it is no answer.
    """
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.addaudithook(stay_on_loopback)
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else its import fetches a list of prices
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"  # else it reads the .env of whoever runs this
    os.environ["TELEMETRY_ENABLED"] = "false"
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    return lines


def stay_on_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection but those to this machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):  # else a path: a local one
        host = arguments[1][0]
    else:
        return
    if host not in _HERE:
        raise ConnectionRefusedError(f"{host}: this benchmark stays on this machine")
