"""Helpers of the browser tests: real servers on a free port, a headless Chromium, a notebook to open."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

TOKEN = "only-for-this-test"  # noqa: S105
HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox inside a container's root; nothing that calls home in the background.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
COMMANDS = {
    "lab": ["jupyterlab", "--ServerApp.open_browser=False", "--LabApp.expose_app_in_browser=True"],
    "notebook": ["notebook", "--ServerApp.open_browser=False", "--JupyterNotebookApp.expose_app_in_browser=True"],
    "voila": ["voila", "--Voila.open_browser=False"],
}


def chromium() -> str:
    """Return Chromium's path; skip the test without one, or fail where CI promises one."""
    return installed("browser", NAMES)


def installed(what, names) -> str:
    """Return the path of the first of these programs; skip the test without one, or fail where CI promises one."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        reason = f"no {what} on this computer; looked for {', '.join(names)}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(folder: Path) -> dict[str, str]:
    """Return an environment in which Jupyter sees no settings of this computer's user."""
    own = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | own | {"PYTHONPATH": path, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings")}


@contextlib.contextmanager
def serving(command, folder: Path, address: str):
    """Run a server until the block ends; yield when `address` answers."""
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=surroundings(folder), stdout=log, stderr=log)
    try:
        wait_for(address, server, folder / "server.log")
        yield server
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(20)


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if urllib.request.urlopen(address, timeout=5).status == 200:  # noqa: S310 - our own server
                return
        if server.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


@contextlib.contextmanager
def jupyter(kind: str, folder: Path):
    """Run JupyterLab, Notebook or Voilà on a folder; yield its base address."""
    port = free_port()
    options = [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.port={port}"]
    if kind == "voila":
        options = [str(folder), f"--port={port}", f"--token={TOKEN}", "--Voila.ip=127.0.0.1"]
    if os.name == "posix" and os.geteuid() == 0 and kind != "voila":
        options.append("--allow-root")
    command = [sys.executable, "-m", *COMMANDS[kind], *options]
    base = f"http://127.0.0.1:{port}"
    with serving(command, folder, f"{base}/?token={TOKEN}"):
        yield base


@contextlib.contextmanager
def browsing(width: int = 1400, height: int = 1000):
    """Yield a page of a headless browser."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


def ready(page) -> None:
    """Wait until the notebook in the page is there and its kernel idle."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    session = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session"
    page.wait_for_function(f"{session}?.kernel?.status === 'idle'", timeout=60_000)


def run_all(page) -> None:
    """Run all cells of the notebook in the page, as the menu does."""
    ready(page)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


def notebook(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells (a cell that begins with '#' and a space is text)."""
    made = [
        {"cell_type": "markdown", "id": f"c{i}", "metadata": {}, "source": cell}
        if cell.startswith("# ")
        else {
            "cell_type": "code",
            "id": f"c{i}",
            "metadata": {},
            "source": cell,
            "outputs": [],
            "execution_count": None,
        }
        for i, cell in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    return path
