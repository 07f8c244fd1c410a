"""A headless Chromium that is spoken to through a pipe, in its own DevTools protocol."""

import itertools
import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_S = 30


def find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Tab:
    """One page in a browser."""

    asks: int
    answers: Iterator[dict[str, Any]]
    session: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for what it gives; events that come first are kept."""
        number = next(self.numbers)
        asked = {"id": number, "method": method, "params": params}
        asked |= {"sessionId": self.session} if self.session else {}
        os.write(self.asks, json.dumps(asked).encode() + b"\0")
        for found in self.answers:
            if found.get("id") == number:
                assert "error" not in found, found
                result: dict[str, Any] = found["result"]
                return result
            self.events.append(found)
        raise AssertionError("the browser is gone, or says nothing")

    def open(self, page: Path, fragment: str = "") -> None:
        """Load a page anew and wait until all of it is there."""
        self._load("about:blank")
        self.events.clear()
        self._load(page.as_uri() + fragment)

    def value(self, script: str) -> Any:
        """Return what a script gives, which the page's policy has no say in."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, key: str, text: str = "") -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text, code=key)

    def look(self, *, width: int, scheme: str = "light", medium: str = "screen") -> None:
        """Show the page in a window of this width, light or dark, on a screen or on paper."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=medium, features=features)

    def complaints(self) -> list[str]:
        """Return what the page wrote to the console since it was opened."""
        self.value("0")  # what was said before this answer is here now
        found = [each for each in self.events if each["method"] in _COMPLAINTS]
        return [json.dumps(each["params"]) for each in found]

    def requests(self) -> list[str]:
        """Return the addresses that were asked for since it was opened."""
        self.value("0")
        sent = [each for each in self.events if each["method"] == "Network.requestWillBeSent"]
        return [each["params"]["request"]["url"].partition("#")[0] for each in sent]

    def _load(self, address: str) -> None:
        loader = self.call("Page.navigate", url=address)["loaderId"]
        for found in itertools.chain(list(self.events), self._later()):
            about = found["params"]
            if (about.get("loaderId"), about.get("name")) == (loader, "load"):
                return
        raise AssertionError(f"{address} was not loaded")

    def _later(self) -> Iterator[dict[str, Any]]:
        for found in self.answers:
            self.events.append(found)
            yield found


_COMPLAINTS = ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")


@contextmanager
def browser(profile: Path) -> Iterator[Tab]:
    """Give a tab of a browser of its own, which ends with the block."""
    program = find()
    assert program, (
        f"there is no browser; one of {', '.join(NAMES)} is needed: apt install chromium"
    )
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    command = [
        *("bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", program),
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
        *("--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"),
    ]
    with subprocess.Popen(
        command,
        pass_fds=(theirs_in, theirs_out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            tab = Tab(ours_out, _messages(ours_in))
            made = tab.call("Target.createTarget", url="about:blank")
            found = tab.call("Target.attachToTarget", targetId=made["targetId"], flatten=True)
            tab.session = found["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                tab.call(f"{domain}.enable")
            tab.call("Page.setLifecycleEventsEnabled", enabled=True)
            yield tab
            tab.session = ""
            tab.call("Browser.close")
            running.wait(PATIENCE_S)
        finally:
            running.kill()
            os.close(ours_out)
            os.close(ours_in)


def _messages(source: int) -> Iterator[dict[str, Any]]:
    rest = b""
    while select.select([source], [], [], PATIENCE_S)[0] and (data := os.read(source, 1 << 16)):
        *whole, rest = (rest + data).split(b"\0")
        yield from (json.loads(each) for each in whole)
