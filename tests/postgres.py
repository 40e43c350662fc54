"""A real PostgreSQL server for tests: data, socket and log in a temporary folder, on a free port of this computer."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from browser import free_port

OTHER = "postgres"
"""Who runs the server where the tests are root's: it refuses root."""


def binaries() -> Path:
    """Return where the server's programs are; skip the test without them, or fail where CI promises them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found and (known := shutil.which("postgres")):
        found = [Path(known).resolve().parent]
    if not found:
        reason = "no PostgreSQL on this computer; looked for postgres and /usr/lib/postgresql/*/bin"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return found[-1]


@contextlib.contextmanager
def server():
    """Run a server until the block ends; yield the URL of an empty database."""
    programs, port = binaries(), free_port()
    root = os.geteuid() == 0
    user = {"user": OTHER, "group": OTHER, "extra_groups": []} if root else {}
    with tempfile.TemporaryDirectory(prefix="dvk-pg-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "d"
        home.mkdir()
        if root:
            account = pwd.getpwnam(OTHER)
            for path in (Path(folder), home):
                os.chown(path, account.pw_uid, account.pw_gid)
        password = Path(folder) / "pw"
        password.write_text("s3cret", encoding="utf-8")
        password.chmod(0o644)
        init = ["initdb", "-D", home, "-U", "dvk", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8", "-N"]
        run = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **user}
        subprocess.run([programs / init[0], *init[1:]], check=True, capture_output=True, **run)
        own = [f"-p{port}", f"-k{folder}", "-h127.0.0.1", "-c", "fsync=off", "-D", home]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen([programs / "postgres", *own], stdout=log, stderr=log, **run)
        try:
            _wait(process, Path(folder) / "log")
            yield f"postgresql+pg8000://dvk:s3cret@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGQUIT)  # at once; nothing of it is kept
            process.wait(30)


def _wait(process, log):
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if "ready to accept connections" in log.read_text(errors="replace"):
            return
        time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
