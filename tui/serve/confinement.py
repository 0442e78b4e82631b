"""Keeps the process of a visitor inside one folder: for the rest of the process, nothing else seems to exist.

Python tells an audit hook of every file that is opened, listed, made, moved or removed, and of every connection and
program that is started, before it happens. The hook cannot be removed. It does not see ``os.stat``, which is replaced.
"""

from __future__ import annotations

import errno
import os
import site
import stat
import sys
import sysconfig
from collections.abc import Callable
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
_CODE_ENDINGS = (".py", ".pyc", ".so", ".pyd", ".dll", ".dylib", ".pth", "METADATA", "RECORD", "entry_points.txt")


def confine(folder: Path) -> None:
    """Let this process open, write and see files in a folder only, and start no program and no connection.

    What Python itself reads stays readable: its own modules, and the files of this program.
    """
    original_stat = os.stat
    is_allowed = _path_check(folder, original_stat)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FILE_EVENTS:
            writes = event not in ("open", "os.listdir", "os.scandir", "glob.glob") or (
                event == "open" and _is_writing(arguments)
            )
            for path in arguments[: 2 if event in _TWO_PATHS else 1]:
                if not is_allowed(path, writes):
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        elif event in _FORBIDDEN_EVENTS:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    def confined_stat(path: Any, *args: Any, **options: Any) -> os.stat_result:
        if not is_allowed(path, False):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return original_stat(path, *args, **options)

    sys.dont_write_bytecode = True
    os.stat = confined_stat
    sys.addaudithook(hook)


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
        return True
    return isinstance(mode, str) and any(letter in mode for letter in "wax+")


def _path_check(folder: Path, get_stat: Callable[[str], os.stat_result]) -> Callable[[object, bool], bool]:
    """Return the function that tells whether a path may be read, or written."""
    own = os.path.realpath(folder)
    program = [os.path.realpath(str(files(name))) for name in ("nn_tui.core", "nn_tui.presets", "nn_tui.tui")]
    paths = sysconfig.get_paths()
    names = [paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], *site.getsitepackages()]
    python = sorted({os.path.realpath(name) for name in (*names, *filter(None, sys.path))} - {own})
    zones = ["/usr/share/zoneinfo", "/etc/localtime"]

    def is_code(path: str) -> bool:
        if path.endswith(_CODE_ENDINGS):
            return True
        try:
            return stat.S_ISDIR(get_stat(path).st_mode)
        except OSError:
            return True  # the call itself says that it does not exist

    def is_below(path: str, roots: list[str]) -> bool:
        return any(path == root or path.startswith(root.rstrip(os.sep) + os.sep) for root in roots)

    def is_allowed(path: object, writes: bool) -> bool:
        if isinstance(path, int) or path is None:  # a descriptor that is open already, or the current folder
            return True
        name = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else ""
        if "\0" in name or name == os.devnull:
            return True  # the call itself refuses the first one
        real = os.path.realpath(name)
        if is_below(real, [own]):
            return True
        if writes:
            return False
        return is_below(real, program) or is_below(real, zones) or (is_below(real, python) and is_code(real))

    return is_allowed
