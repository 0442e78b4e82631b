"""The command completion, which prints the script for a shell."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.config.settings import Settings

SHELLS = ("bash", "zsh", "fish")


def _add_options(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, help=tr("the shell: {names}", names=", ".join(SHELLS)))


def _run(args: Namespace, settings: Settings) -> int:
    from argcomplete.shell_integration import shellcode

    # Without defaults, bash does not take files where a number follows.
    print(shellcode(["nn-tui"], use_defaults=False, shell=args.shell).strip())
    return 0


COMPLETION = Command(
    "completion",
    message("print the script with which a shell completes all this"),
    message(
        "Print the script with which a shell completes commands, presets, lessons, options and files. Write it into "
        "the file of an example, and start a new shell. The shell does not make its folder: mkdir -p FOLDER does."
    ),
    _add_options,
    {
        "bash > ~/.local/share/bash-completion/completions/nn-tui": message("bash, with its package bash-completion"),
        "bash >> ~/.bashrc": message("bash without that package"),
        "zsh > ~/.zfunc/_nn-tui": message("zsh, with ~/.zfunc in $fpath before compinit"),
        "fish > ~/.config/fish/completions/nn-tui.fish": message("fish"),
    },
    _run,
)
