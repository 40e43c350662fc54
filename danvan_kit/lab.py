"""A hardened JupyterLab on a folder's notebooks, in Vietnamese, that asks nothing from the network."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import re
import secrets
import socket
import sys
import tempfile
import webbrowser
from importlib import resources
from pathlib import Path

from danvan_kit.errors import DanvanError

START = "notebooks/00_start.ipynb"
LARGEST_UPLOAD = 120_000_000
HOST = "127.0.0.1"
STATIC = Path(__file__).parent / "static"


class LabError(DanvanError):
    """JupyterLab cannot be opened: no such folder, no notebook to start with, or the port is taken."""


def open_lab(folder: Path | str = ".", port: int | None = None, *, browser: bool = True) -> None:
    """Open JupyterLab on ``notebooks/00_start.ipynb`` of a folder and serve it until Ctrl + C.

    Parameters
    ----------
    folder
        The folder that has ``notebooks/``.
    port
        Where to listen, on this computer only; None takes any free port.
    browser
        Open the page; without it, or where there is no browser, the address is printed.

    Raises
    ------
    LabError
        If the folder or its first notebook is missing, or the port is taken.
    """
    home = _checked(Path(folder))
    port = _free_port(port)
    token = secrets.token_hex(24)
    address = f"http://{HOST}:{port}/lab/tree/{START}"
    shown = browser and _has_browser()
    print(_greeting(f"{address}?token={token}", opened=shown))  # noqa: T201 - the one line a reader acts on
    _use_own_settings()
    # rfc3987_syntax builds a grammar at import: 1.4 s of start against 0.6. jsonschema needs it only to check IRIs.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from jupyterlab.labapp import LabApp  # noqa: PLC0415 - only this command needs the server

    # Each start has a clean desk: tabs left open in another project would stand before this one's first page.
    with tempfile.TemporaryDirectory(prefix="danvan-lab-") as desk:
        LabApp.launch_instance(argv=[*arguments(home, port, token, browser=shown), f"--LabApp.workspaces_dir={desk}"])


def arguments(home: Path, port: int, token: str, *, browser: bool) -> list[str]:
    """Return JupyterLab's options; given as arguments they stand above any settings of the user.

    Parameters
    ----------
    home
        The folder to serve; nothing outside it can be opened from the page.
    port
        Port on this computer.
    token
        What a page must know to talk to the server. It stays in this process.
    browser
        Whether the server opens the page.
    """
    # Tornado's own limit of 10 MB cuts the connection when a larger form is uploaded, and says nothing.
    settings = {"headers": {"Content-Security-Policy": policy(port)}, "websocket_max_message_size": LARGEST_UPLOAD}
    options = {
        "ServerApp.ip": HOST,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": home,
        "ServerApp.open_browser": browser,
        "ServerApp.allow_remote_access": False,
        "ServerApp.terminals_enabled": False,
        "ServerApp.tornado_settings": settings,
        "ServerApp.answer_yes": True,  # one Ctrl + C ends it; notebooks are saved as one works
        "ServerApp.allow_root": _is_root(),  # in a container there is no other user
        "ServerApp.log_level": "ERROR",
        "IdentityProvider.token": token,
        # Trust is forgotten at the end: a saved notebook then opens with its pictures, not with widgets that lost their
        # kernel, and script in it never runs unasked.
        "NotebookNotary.db_file": ":memory:",
        "KernelManager.transport_encryption": "auto",  # other users of the computer cannot listen to the kernels
        "LabApp.default_url": f"/lab/tree/{START}",
        "LabApp.log_level": "ERROR",
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    return [f"--{name}={value}" for name, value in options.items()]


def policy(port: int) -> str:
    """Return the Content-Security-Policy: own scripts and widgets run, script inside displayed HTML does not.

    ``'unsafe-eval'`` is what JupyterLab's extensions load with, ``blob:`` how widgets and plotly.js come from the
    kernel. Inline script and ``onerror=`` are refused, whatever slips through JupyterLab's sanitizer; only the page's
    own script, which takes the token out of the address bar, is let through by its digest.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self' 'unsafe-eval' blob:", *_own_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self' ws://{HOST}:{port}",
        "worker-src": "'self' blob:",
        "frame-ancestors": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _own_scripts() -> list[str]:
    """Return the digests of the inline scripts of JupyterLab's page."""
    page = resources.files("jupyterlab").joinpath("static", "index.html")
    if not page.is_file():
        return []
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def _checked(folder: Path) -> Path:
    if not folder.is_dir():
        raise LabError(f"không có thư mục {str(folder)!r}", f"there is no folder {str(folder)!r}")
    if not (folder / START).is_file():
        raise LabError(
            f"thư mục {str(folder)!r} không có sổ tay {START}; hãy chọn thư mục có tệp đó",
            f"folder {str(folder)!r} has no notebook {START}; choose one that has",
        )
    return folder.resolve()


def _free_port(port: int | None) -> int:
    """Return `port` if it is free, or any free one: policy and address must name it before the server starts."""
    with socket.socket() as probe:
        if os.name == "posix":  # a port just left by another server is free, as the server itself will see it
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port or 0))
        except (OSError, OverflowError) as err:
            if getattr(err, "errno", None) == errno.EADDRINUSE:
                raise LabError(
                    f"cổng {port} đang có chương trình khác dùng; hãy chọn số khác, hoặc bỏ --port",
                    f"port {port} is in use; choose another, or leave --port out",
                ) from err
            raise LabError(
                f"cổng {port} không dùng được; được dùng: 1024–65535",
                f"port {port} cannot be used; allowed: 1024-65535",
            ) from err
        return int(probe.getsockname()[1])


def _use_own_settings() -> None:
    """Put the kit's Lab settings (Vietnamese, no news) below the user's own; nothing is written anywhere."""
    given = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(STATIC), *([given] if given else [])])


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def _greeting(address: str, *, opened: bool) -> str:
    if opened:
        return f"JupyterLab đang mở trong trình duyệt: {address} (dừng: Ctrl + C)"
    return f"Hãy mở địa chỉ này trong trình duyệt: {address} (dừng: Ctrl + C)"
