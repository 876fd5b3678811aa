"""Real clients in environments of their own: each is installed once, outside of the repository, where it disturbs nobody.

A client is a folder that pins everything it needs: `requirements.txt`, `package.json` with its lock, `go.mod` with
`go.sum`. Its environment is named by a hash of that, made under a lock by the first process that asks, and shared by
all tests and workers from then on. A toolchain that this machine lacks skips the test that asks for it; an installation
that fails fails the test. The four clients of `ALWAYS` may be missing on a developer's machine only.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import importlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

ALWAYS = frozenset({"simple-salesforce", "httpx", "aiohttp", "curl"})
"""Clients whose tests never skip in CI."""
INSTALLING = 300
"""Seconds that one installation may take."""
_DONE = ".installed"


class InstallationFailed(Exception):
    """A client that could not be installed although its toolchain is there."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that @salesforce/core runs on, and the folder with the client's modules."""

    binary: Path
    folder: Path


def absent(what: str) -> NoReturn:
    """Skips the test that needs it; fails it in CI and under tox where it is one of those that are always there."""
    if what in ALWAYS and (os.environ.get("CI") or os.environ.get("SFMOCK_CLIENTS") == "required"):
        pytest.fail(
            f"{what} is not on this machine, and may be missing neither in CI nor under tox"
        )
    pytest.skip(f"{what} is not on this machine")


def program(name: str) -> Path:
    """Where a program of this machine is."""
    found = shutil.which(name)
    return Path(found) if found else absent(name)


def module(name: str) -> Any:
    """A Python client that is installed beside the tests."""
    try:
        return importlib.import_module(name.replace("-", "_"))
    except ModuleNotFoundError:
        absent(name)


@functools.cache
def python(folder: Path) -> Path:
    """The interpreter of an environment with what the folder's `requirements.txt` pins, and nothing else."""
    pinned = folder / "requirements.txt"

    def install(target: Path) -> None:
        interpreter = target / "bin" / "python"
        if importlib.util.find_spec("uv"):
            run(sys.executable, "-m", "venv", "--without-pip", target)
            run(sys.executable, "-m", "uv", "pip", "install", "-q", "-p", interpreter, "-r", pinned)
        else:
            run(sys.executable, "-m", "venv", target)
            run(interpreter, "-m", "pip", "install", "-q", "-r", pinned)

    version = (sys.executable, platform.python_version())
    return environment(f"python-{folder.name}", [pinned], install, *version) / "bin" / "python"


@functools.cache
def node(folder: Path) -> Node:
    """The modules that the folder's lock names, and a Node of 22 or later: one of them, or the machine's own."""
    manifests = [folder / "package.json", folder / "package-lock.json"]
    npm = program("npm")

    def install(target: Path) -> None:
        for manifest in manifests:
            shutil.copy(manifest, target)
        run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", cwd=target)

    target = environment(f"node-{folder.name}", manifests, install, platform.machine())
    packed = next(target.glob("node_modules/node-*/bin/node"), None)
    if packed is None:
        packed = program("node")
        told = run(packed, "--version").strip()
        if int(told.removeprefix("v").partition(".")[0]) < 22:
            absent(f"Node 22 or later (there is {told})")
    return Node(packed, target)


@functools.cache
def go(folder: Path) -> Path:
    """The program that the folder's Go sources make."""
    compiler = program("go")
    sources = sorted(each for each in folder.iterdir() if each.suffix in {".go", ".mod", ".sum"})

    def install(target: Path) -> None:
        flags = {"GOFLAGS": "-mod=readonly -buildvcs=false", "GOWORK": "off"}
        run(compiler, "build", "-o", target / "program", ".", cwd=folder, more=flags)

    return environment(f"go-{folder.name}", sources, install, platform.machine()) / "program"


@functools.cache
def java(folder: Path) -> list[str | Path]:
    """The command that runs the class `Driver` of the folder beside the jars that its `pom.xml` names."""
    machine, compiler, maven = program("java"), program("javac"), program("mvn")
    pinned = [folder / "pom.xml", folder / "Driver.java"]

    def install(target: Path) -> None:
        jars, repository = target / "jars", target / "repository"
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
        strict = ["-q", "-B", "-C", f"-Dmaven.repo.local={repository}"]
        run(maven, *strict, *copy, "-f", folder / "pom.xml", cwd=target)
        shutil.rmtree(repository)
        run(compiler, "-cp", f"{jars}/*", "-d", target, folder / "Driver.java")

    told = run(machine, "-version")
    target = environment(f"java-{folder.name}", pinned, install, told)
    return [machine, "-cp", f"{target}:{target / 'jars'}/*", "Driver"]


def environment(
    name: str, pinned: Iterable[Path], install: Callable[[Path], None], *more: str
) -> Path:
    """The folder that `install` fills, once for what these files and words say; half-filled ones begin anew."""
    told = hashlib.sha256("\0".join([name, *more]).encode())
    for each in pinned:
        told.update(each.name.encode() + b"\0" + each.read_bytes() + b"\0")
    target = cache() / f"{name}-{told.hexdigest()[:16]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (target / _DONE).exists():
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir()
            install(target)
            (target / _DONE).touch()
    return target


def cache() -> Path:
    """Where environments are kept: tox names one place for all of its own."""
    named = os.environ.get("SFMOCK_CLIENTS_CACHE")
    if named:
        return Path(named)
    return (
        Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pytest-sfmock-clients"
    )


def run(
    *command: str | Path, cwd: Path | None = None, more: Mapping[str, str] | None = None
) -> str:
    """What a step of an installation printed."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(more or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALLING,
        check=False,
    )
    if done.returncode:
        words = " ".join(map(str, command))
        raise InstallationFailed(f"{words}\nended with {done.returncode}:\n{done.stdout[-4000:]}")
    return done.stdout
