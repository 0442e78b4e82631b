"""Write the README's table of keys from the keys of the app.

    .venv/bin/python docs/make_keys_table.py

``tests/docs/test_readme.py`` fails while the table differs from the keys.
"""

from __future__ import annotations

from pathlib import Path

from nn_tui.tui.keys.keys import GROUPS, KEYS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- keys: written by docs/make_keys_table.py -->\n", "<!-- end of keys -->\n"


def table() -> str:
    """Return the keys by group as a Markdown table."""
    lines = ["| key | what it does |", "|---|---|"]
    for group, heading in GROUPS.items():
        lines.append(f"| **{heading}** | |")
        lines += [f"| `{key.key_label}` | {key.help} |" for key in KEYS if key.group == group]
    return "\n".join(lines) + "\n"


def with_table(text: str) -> str:
    """Return the text of a README with its table replaced.

    Raises:
        SystemExit: The text does not contain the comments around the table.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"README.md has no {BEGIN.strip()} … {END.strip()}")
    return before + BEGIN + "\n" + table() + "\n" + END + after


def main() -> None:
    """Rewrite the table in the README."""
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
