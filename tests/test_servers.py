"""How each server of an instance is started."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from config import ROOT, Settings
from run import command


def test_web_threads_is_what_granian_gets():
    words = command(replace(Settings(), web_threads=7, host="0.0.0.0", port=8123), "web")
    assert words[words.index("--blocking-threads") + 1] == "7"
    assert words[-4:] == ("--host", "0.0.0.0", "--port", "8123")


def test_containers_start_their_servers_by_run_py():
    image = (ROOT / "deploy" / "Dockerfile").read_text()
    assert 'CMD ["python", "run.py", "web"]' in image
    containers = (ROOT / "deploy" / "docker-compose.yml").read_text()
    assert "python, run.py, worker" in containers
    assert "python, run.py, beat" in containers


def test_a_server_of_another_name_is_refused():
    done = subprocess.run(
        [sys.executable, "run.py", "mail"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == "accord: mail is no server: name one of web, worker, beat, or none.\n"


def test_a_server_takes_the_place_of_run_py():
    done = subprocess.run(
        [sys.executable, "run.py", "web", "--help"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert "--blocking-threads" in done.stdout
