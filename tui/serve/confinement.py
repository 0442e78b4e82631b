"""Keeps the process of a visitor inside one folder, for the rest of the process.

Python tells an audit hook of every file that is opened, listed, made, moved or removed, and of every connection and
program that is started, before it happens. Nothing can remove the hook. Python does not tell it when somebody asks
whether a path exists.
"""

from __future__ import annotations

import errno
import os
import site
import sys
import sysconfig
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

_FILE_EVENTS = frozenset({
    "open", "os.listdir", "os.scandir", "os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link", "os.symlink",
    "os.chdir", "os.chmod", "os.chown", "os.truncate", "os.utime", "os.mkfifo", "os.mknod", "os.setxattr",
    "os.getxattr", "os.listxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "shutil.copyfile", "glob.glob",
    "tempfile.mkstemp", "tempfile.mkdtemp", "sqlite3.connect",
})  # fmt: skip
_FORBIDDEN_EVENTS = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system",
    "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn", "webbrowser.open",
)  # fmt: skip
_TWO_PATHS = frozenset({"os.rename", "os.link", "os.symlink", "shutil.move", "shutil.copyfile"})
_TIME_ZONES = ("/usr/share/zoneinfo", "/etc/localtime")
_CODE_ENDINGS = (".py", ".pyc", ".so", ".pyd", ".dll", ".dylib", ".pth", "METADATA", "RECORD", "entry_points.txt")


def confine(folder: Path) -> None:
    """Let this process open, list and write files in a folder only, and start no program and no connection.

    What Python itself reads stays readable: its own modules, and the files of this program.
    """
    is_own, is_program, is_code = _checks(folder)

    def is_allowed(event: str, path: object, arguments: tuple[Any, ...]) -> bool:
        if isinstance(path, int) or path is None:  # a descriptor that is open already, or the current folder
            return True
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        if "\0" in name or name == os.devnull:
            return True  # the call itself refuses the first one
        real = os.path.realpath(name)
        if is_own(real):
            return True
        if event == "open" and not _is_writing(arguments):
            return is_program(real) or is_code(real)
        # The import system lists folders with os.listdir(), the app with os.scandir().
        return event in ("os.listdir", "os.scandir") and (is_program(real) or event == "os.listdir")

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILE_EVENTS:
            for path in arguments[: 2 if event in _TWO_PATHS else 1]:
                if not is_allowed(event, path, arguments):
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        elif event in _FORBIDDEN_EVENTS:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    sys.dont_write_bytecode = True
    sys.addaudithook(hook)


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
        return True
    return isinstance(mode, str) and any(letter in mode for letter in "wax+")


def _checks(folder: Path) -> tuple[Callable[[str], bool], ...]:
    """Return three functions that tell whether a real path is in the folder, of this program, or code of Python."""
    program = [str(files(name)) for name in ("nn_tui.core", "nn_tui.presets", "nn_tui.tui")]
    paths = sysconfig.get_paths()
    libraries = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], *site.getsitepackages()]
    is_in_library = _is_below([*libraries, *filter(None, sys.path)])

    def is_code(path: str) -> bool:
        return path.endswith(_CODE_ENDINGS) and is_in_library(path)

    return _is_below([str(folder)]), _is_below([*program, *_TIME_ZONES]), is_code


def _is_below(folders: Iterable[str]) -> Callable[[str], bool]:
    """Return the function that tells whether a real path is one of some folders, or in one."""
    roots = tuple({os.path.realpath(folder).rstrip(os.sep) + os.sep for folder in folders})
    return lambda path: (path + os.sep).startswith(roots)
