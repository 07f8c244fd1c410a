"""The peers that somebody might take in our place: the same answers, endpoint and connections."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.conduct import Conduct
from benchmarks.load.contenders import Job, window_of
from benchmarks.load.running import Served
from benchmarks.load.serving import MODEL
from benchmarks.peers.environment import PeerError, installed

_RUNNERS = Path(__file__).parents[1] / "peers"


@dataclass(frozen=True, slots=True)
class Peer:
    """A package and the script that runs it."""

    requirement: str
    further: tuple[str, ...]
    size: str
    runner: str


PEERS = (
    Peer("inspect-ai==0.3.285", ("openai==3.54.0",), "0.4 GB", "inspect_runner.py"),
    Peer("bespokelabs-curator==0.1.31", (), "0.9 GB", "curator_runner.py"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How fast a peer was, or why that is not known."""

    rate: float = 0.0
    """Answers a second in the middle of its run."""
    graded: int = 0
    most_at_once: int = 0
    why: str = ""


def install(seconds: float) -> dict[str, Path | PeerError]:
    """Return for each peer its Python, or why there is none; all are installed at once."""

    def one(peer: Peer) -> Path | PeerError:
        try:
            return installed(peer.requirement, *peer.further, size=peer.size, seconds=seconds)
        except PeerError as error:
            return error

    with ThreadPoolExecutor(len(PEERS)) as pool:
        found = list(pool.map(one, PEERS))
    return {peer.requirement: each for peer, each in zip(PEERS, found, strict=True)}


def run_peer(
    peer: Peer, python: Path | PeerError, job: Job, conduct: Conduct, *, seconds: float
) -> Outcome:
    """Have a peer grade; it has so many seconds."""
    if isinstance(python, PeerError):
        return Outcome(why=str(python))
    folder = job.folder / peer.runner
    folder.mkdir(exist_ok=True)
    told = {"model": MODEL, "connections": job.connections, "bodies": str(job.bodies)}
    told |= {"count": job.count, "folder": str(folder)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    window = window_of(job.count, job.connections)
    with Served(conduct) as served:
        try:
            ran = subprocess.run(
                [str(python), "-I", str(_RUNNERS / peer.runner)],
                input=json.dumps(told | {"base_url": served.base_url}) + "\n",
                capture_output=True,
                text=True,
                timeout=seconds,
                env=kept | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)},
            )
        except subprocess.TimeoutExpired:
            done = served.stats()["outcomes"].get("answered", 0)
            return Outcome(why=f"{done} of {job.count} answers after {seconds:.0f} s")
        stats = served.stats(f"window={window[0]},{window[1]}" if window else "")
    if ran.returncode or not ran.stdout.strip():
        said = ran.stderr.strip().splitlines() or ["no reason given"]
        return Outcome(why=f"it ended with {ran.returncode}: {said[-1]}")
    graded = json.loads(ran.stdout.splitlines()[-1])["graded"]
    if graded < job.count:
        return Outcome(graded=graded, why=f"it graded {graded} of {job.count}")
    rate = (window[1] - window[0]) / stats["window_s"] if window else 0.0
    return Outcome(rate, graded, stats["most_at_once"])
