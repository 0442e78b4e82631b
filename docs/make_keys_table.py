"""Writes the README's table of keys from the app's own: `tests/docs/test_readme.py` fails while they differ.

.venv/bin/python docs/make_keys_table.py
"""

from __future__ import annotations

from pathlib import Path

from nn_tui.tui.keys.keys import KEYS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys: written by docs/make_keys_table.py -->\n", "<!-- end of keys -->\n"


def table() -> str:
    """The keys by group as a Markdown table."""
    lines = ["| key | what it does |", "|---|---|"]
    for group in dict.fromkeys(key.group for key in KEYS):
        lines.append(f"| **{group}** | |")
        lines += [f"| `{key.shown}` | {key.help} |" for key in KEYS if key.group == group]
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """A README whose table is that of the keys."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md has no {BEGIN.strip()} … {END.strip()}")
    return before + BEGIN + "\n" + table() + "\n" + END + after


def main() -> None:
    """Rewrite the README."""
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
