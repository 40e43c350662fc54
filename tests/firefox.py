"""Drive this computer's Firefox, headless, over the WebDriver BiDi that it speaks itself: no geckodriver needed."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import websocket
from browser import installed

NAMES = ("firefox-esr", "firefox")
# Beyond this computer there is no network: the proxy is a closed port, so a page that asks for something abroad is seen
# asking and gets nothing. Whatever Firefox would fetch by itself is off.
PREFS: dict[str, bool | int | str] = {
    # A driven Firefox lets a file read all other files: a page that no user's Firefox shows would pass. Not this one.
    "remote.prefs.recommended": False,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.cache.disk.enable": False,
    "browser.download.always_ask_before_handling_new_types": False,
    "browser.download.folderList": 2,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.topsites.contile.enabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.usage.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.http.speculative-parallel-limit": 0,
    "network.prefetch-next": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
    "network.trr.mode": 5,
    "privacy.trackingprotection.enabled": False,
    "security.remote_settings.intermediates.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "telemetry.fog.test.localhost_port": -1,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "data:,",
}
# Playwright's names of keys; a single character stands for itself.
KEYS = {
    "ArrowDown": "\ue015",
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "ArrowUp": "\ue013",
    "Backspace": "\ue003",
    "Control": "\ue009",
    "End": "\ue010",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Home": "\ue011",
    "PageDown": "\ue00f",
    "PageUp": "\ue00e",
    "Shift": "\ue008",
    "Space": " ",
    "Tab": "\ue004",
}


class BidiError(RuntimeError):
    """Firefox refused a command, or the page's own JavaScript threw."""


def binary() -> str:
    """Return Firefox's path; skip the test without one, or fail where CI promises one."""
    return installed("Firefox", NAMES)


class Firefox:
    """One tab of a running Firefox; `downloads` is the folder where it saves files.

    Every answer is bounded by `seconds`: a page that hangs fails its test instead of stopping the run.
    """

    def __init__(self, address: str, downloads: Path, seconds: float = 60) -> None:
        self.downloads = downloads
        self.number = 0
        self.events: list[dict] = []
        # An origin is a web page's; Firefox refuses a connection that names one.
        self.socket = websocket.create_connection(address, timeout=seconds, suppress_origin=True)
        self.send("session.new", capabilities={"alwaysMatch": {"unhandledPromptBehavior": {"default": "dismiss"}}})
        self.send("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        # The first tab never has the focus, so nothing in it is :focus; a tab made now has it, like a user's.
        first = self.send("browsingContext.getTree", maxDepth=0)["contexts"][0]["context"]
        self.tab = self.send("browsingContext.create", type="tab")["context"]
        self.send("browsingContext.close", context=first)

    def send(self, method: str, **params) -> dict:
        """Send a command and return its result; events that arrive meanwhile are kept."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message["type"] == "event":
                self.events.append(message)
            elif message.get("id") == self.number:
                if message["type"] == "error":
                    raise BidiError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]

    def goto(self, url: str) -> None:
        """Open an address and wait until the page and all that it needs are loaded."""
        self.send("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def evaluate(self, js: str):
        """Return the JSON value of an expression; a promise is awaited, `undefined` becomes None.

        The page's content policy does not apply to it, and it works with JavaScript off as well (without promises).
        """
        wrapped = f"(value => value instanceof Promise ? value.then(JSON.stringify) : JSON.stringify(value))(\n{js}\n)"
        answer = self.send("script.evaluate", expression=wrapped, target={"context": self.tab}, awaitPromise=True)
        if answer["type"] == "exception":
            raise BidiError(f"{answer['exceptionDetails']['text']} in {js}")
        return json.loads(answer["result"].get("value", "null"))

    def wait_for(self, condition: str, timeout: float = 30) -> None:
        """Wait until a JavaScript condition holds; fail the test after `timeout` seconds."""
        until = time.monotonic() + timeout
        while not self.evaluate(f"Boolean({condition})"):
            if time.monotonic() > until:
                pytest.fail(f"not within {timeout} s: {condition}; the page's errors: {self.errors}")
            time.sleep(0.05)

    def screenshot(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        data = self.send("browsingContext.captureScreenshot", context=self.tab)["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def resize(self, width: int, height: int) -> None:
        """Give the page that many CSS pixels."""
        self.send("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def press(self, *keys: str) -> None:
        """Press keys together on what has the focus: `press("Tab")`, `press("Shift", "Tab")`."""
        values = [KEYS.get(key, key) for key in keys]
        actions = [{"type": "keyDown", "value": value} for value in values]
        actions += [{"type": "keyUp", "value": value} for value in reversed(values)]
        self._perform({"type": "key", "id": "keyboard", "actions": actions})

    def hover(self, selector: str) -> None:
        """Bring the pointer over the middle of the first element that matches, scrolled into view."""
        self._point(selector)

    def click(self, selector: str) -> None:
        """Click in the middle of the first element that matches, scrolled into view: what lies above gets the click."""
        self._point(selector, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})

    @property
    def requests(self) -> list[str]:
        """Return the addresses of all requests so far; Firefox reports none for `file:` and `blob:`."""
        return [e["params"]["request"]["url"] for e in self._seen("network.beforeRequestSent")]

    @property
    def errors(self) -> list[str]:
        """Return the errors in the console so far: uncaught exceptions, console.error, blocked by a policy."""
        return [e["params"]["text"] for e in self._seen("log.entryAdded") if e["params"]["level"] == "error"]

    def close(self) -> None:
        """Ask Firefox to end."""
        with contextlib.suppress(BidiError, OSError, websocket.WebSocketException):
            self.send("browser.close")
        self.socket.close()

    def _seen(self, method: str) -> list[dict]:
        self.send("session.status")  # what arrived before its answer is read with it
        return [event for event in self.events if event["method"] == method]

    def _point(self, selector: str, *then: dict) -> None:
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(found)
        to_middle = "{block: 'center', inline: 'center', behavior: 'instant'}"
        self.evaluate(f"{found}.scrollIntoView({to_middle})")
        box = self.evaluate(f"{found}.getBoundingClientRect()")
        x, y = round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)
        actions = [{"type": "pointerMove", "x": x, "y": y}, *then]
        self._perform({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions})

    def _perform(self, source: dict) -> None:
        self.send("input.performActions", context=self.tab, actions=[source])


def start(home: Path, prefs: dict[str, bool | int | str]) -> subprocess.Popen:
    """Start Firefox with a fresh profile in a folder; what it says goes to `firefox.log` there."""
    profile = home / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [binary(), "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", str(profile)]
    own = {
        "HOME": str(home),  # as root, Firefox refuses a home that is another user's
        "MOZ_CRASHREPORTER_DISABLE": "1",
        "MOZ_REMOTE_SETTINGS_DEVTOOLS": "1",  # else "services.settings.server" is not heeded
    }
    with (home / "firefox.log").open("wb") as log:
        return subprocess.Popen(
            [*command, "about:blank"],
            stdout=log,
            stderr=log,
            env=os.environ | own,
            start_new_session=True,  # a group of its own, so that `end` reaches its children
        )


def address_of(process: subprocess.Popen, log: Path, seconds: float = 90) -> str:
    """Wait until Firefox says where it listens: port 0 lets it choose a free one."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        ended = process.poll() is not None
        said = log.read_text(encoding="utf-8", errors="replace")
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)\n", said):
            return found[1] + "/session"
        if ended:
            break
        time.sleep(0.05)
    return pytest.fail(f"Firefox did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def end(process: subprocess.Popen, seconds: float) -> None:
    """Wait until Firefox has gone by itself, then end what is left of it and its children."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait(20)


@contextlib.contextmanager
def firefox(width: int = 1400, height: int = 1000, *, javascript: bool = True):
    """Yield a tab of a fresh headless Firefox; nothing of it stays afterwards."""
    with tempfile.TemporaryDirectory(prefix="danvan-firefox-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        downloads = home / "downloads"
        downloads.mkdir()
        own = {"browser.download.dir": str(downloads), "javascript.enabled": javascript}
        process = start(home, PREFS | own)
        asked = False
        try:
            tab = Firefox(address_of(process, home / "firefox.log"), downloads)
            try:
                tab.resize(width, height)
                yield tab
            finally:
                tab.close()
                asked = True
        finally:
            end(process, seconds=20 if asked else 0)
