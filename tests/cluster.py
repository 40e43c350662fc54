"""A real Spark on this computer for tests: a standalone master with two workers, a Connect server; 127.0.0.1 only."""

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


@contextlib.contextmanager
def cluster():
    """Run a master and two workers until the block ends; yield the master's URL and a function that starts Connect.

    The Connect server is a process of its own, which computes itself.
    """
    java()
    import pyspark  # noqa: PLC0415 - only where Java is there

    home, port = Path(pyspark.__file__).parent, free_port()
    master, started = f"spark://127.0.0.1:{port}", []
    with tempfile.TemporaryDirectory(prefix="dvk-spark-", ignore_cleanup_errors=True) as folder:
        # Workers start Python with what they are told, else with whatever `python3` comes first on the path.
        env = os.environ | {
            "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": folder,
            "SPARK_DAEMON_MEMORY": "512m", "PYSPARK_PYTHON": sys.executable,
            "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # they live for seconds
        }  # fmt: skip

        def start(name, *options):
            log = Path(folder) / f"{len(started)}.log"
            command = [home / "bin" / "spark-class", name, *options]
            with log.open("wb") as out:
                started.append(subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=out))
            return log

        try:
            at = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())]
            first = start("org.apache.spark.deploy.master.Master", *at)
            wait(first, "I have been elected leader", started)
            for n in range(2):
                at = ["--host", "127.0.0.1", "--webui-port", str(free_port()), "--cores", "2", "--memory", "1g"]
                start("org.apache.spark.deploy.worker.Worker", *at, "--work-dir", f"{folder}/w{n}", master)
            wait(first, "Registering worker", started, times=2)

            def connect():
                door = free_port()
                conf = {
                    "spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": str(door),
                    "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
                    "spark.sql.shuffle.partitions": "2", "spark.ui.enabled": "false",
                }  # fmt: skip
                options = [part for name, value in conf.items() for part in ("--conf", f"{name}={value}")]
                server = "org.apache.spark.sql.connect.service.SparkConnectServer"
                log = start("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]", *options,
                            "--class", server, "spark-internal")  # fmt: skip
                wait(log, "Spark Connect server started", started)
                return f"sc://127.0.0.1:{door}"

            yield master, connect
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
