"""Environments of peers: one each in the user's cache folder, made on first use."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path
from rich.console import Console

_LONGEST_S = 900


class PeerError(Exception):
    """The peer can't be run."""


def environment_of(peer: str) -> Path:
    """Return the folder of a peer's environment, whether it is there or not."""
    return user_cache_path("interviewer") / "peers" / peer.replace("==", "-")


def is_installed(peer: str) -> bool:
    """Tell whether it is there, whole."""
    return (environment_of(peer) / "complete").is_file()


def installed(
    peer: str, *further: str, size: str, seconds: float = _LONGEST_S, folder: Path | None = None
) -> Path:
    """Return the Python of the peer's environment, which is made on first use.

    Args:
        peer: A package and its version, `name==version`.
        further: Other packages that decide what is measured, alike.
        size: How large it is, for whoever waits.
        seconds: How long that may take.
        folder: Where, if not in the cache folder.

    Raises:
        PeerError: It can't be made, in most cases because no package registry answers.
    """
    folder = folder or environment_of(peer)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (done := folder / "complete").is_file():
        return python
    Console(stderr=True).print(f"Installing {peer} and what it needs ({size}) into {folder}")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--retries=1", peer, *further]
    for command in ([sys.executable, "-m", "venv", "--clear", str(folder)], pip):
        _run(peer, command, seconds)
    done.touch()
    return python


def _run(peer: str, command: Sequence[str], seconds: float) -> None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{peer} can't be installed: {error}") from error
    if ran.returncode:
        said = (ran.stderr + ran.stdout).strip().splitlines() or ["no reason given"]
        away = any("Retrying" in line for line in said)
        why = "the package registry can't be reached" if away else said[-1]
        raise PeerError(f"{peer} can't be installed: {why}")
