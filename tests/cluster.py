"""A real Spark on this computer for tests: a standalone master with two workers; 127.0.0.1 only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from browser import free_port


def java():
    """Skip the test without Java, or fail where CI promises it."""
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        reason = "no Java on this computer; looked for java and JAVA_HOME"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


LEAN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""What Java is told: each lives for seconds, so that most of its time is its start."""


@contextlib.contextmanager
def cluster():
    """Run a master and two workers until the block ends; yield the master's URL, and what waits until both work.

    A session may be opened meanwhile: both sides take as long to start.
    """
    java()
    import pyspark  # noqa: PLC0415 - only where Java is there

    home, port = Path(pyspark.__file__).parent, free_port()
    master, started = f"spark://127.0.0.1:{port}", []
    with tempfile.TemporaryDirectory(prefix="dvk-spark-", ignore_cleanup_errors=True) as folder:
        # Workers start Python with what they are told, else with whatever `python3` comes first on the path.
        env = os.environ | {
            "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": folder,
            "SPARK_DAEMON_MEMORY": "512m", "PYSPARK_PYTHON": sys.executable, "JAVA_TOOL_OPTIONS": LEAN,
        }  # fmt: skip

        def start(name, *options):
            log = Path(folder) / f"{len(started)}.log"
            command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", "--host", "127.0.0.1"]
            with log.open("wb") as out:
                ready = [*command, "--webui-port", "0", *options]  # 0: any that is free
                started.append(subprocess.Popen(ready, env=env, cwd=folder, stdout=out, stderr=out))
            return log

        try:
            first = start("master.Master", "--port", str(port))
            wait(first, "I have been elected leader", started)
            for n in range(2):
                start("worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", f"{folder}/w{n}", master)
            yield master, lambda: wait(first, "Registering worker", started, times=2)
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)


def wait(log, words, started, times=1):
    until = time.monotonic() + 90
    while time.monotonic() < until and all(process.poll() is None for process in started):
        if log.read_text(errors="replace").count(words) >= times:
            return
        time.sleep(0.1)
    pytest.fail(f"Spark did not start: {log.read_text(errors='replace')[-6000:]}")
