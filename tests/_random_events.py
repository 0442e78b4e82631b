"""The hands of the monkey: random keys, pastes, mouse events and sizes, by a seed.

Terminal replies that switch a mode on (in-band resizes) are left out: a terminal that sends them keeps its word.
Leaving is rare, so that an app has time to go wrong; it comes by itself too, through the command palette.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from nn_tui.core.edits.grammar import EDITS
from nn_tui.presets import COURSE
from nn_tui.tui.keys.hangul import latin_keys
from nn_tui.tui.keys.keys import KEYS

Event = bytes | tuple[int, int] | float  # what is sent, or a size, or seconds to look on

ESCAPE = b"\x1b[27u"
SEQUENCES = {
    "space": b" ", "backspace": b"\x7f", "enter": b"\r", "tab": b"\t", "escape": b"\x1b", "f1": b"\x1bOP",
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "home": b"\x1b[H", "end": b"\x1b[F",
    "ctrl+left": b"\x1b[1;5D", "ctrl+right": b"\x1b[1;5C", "shift+left": b"\x1b[1;2D", "shift+right": b"\x1b[1;2C",
    "plus": b"+", "equals_sign": b"=", "minus": b"-", "asterisk": b"*", "left_parenthesis": b"(",
    "right_parenthesis": b")", "left_square_bracket": b"[", "right_square_bracket": b"]", "slash": b"/",
    "semicolon": b";", "greater_than_sign": b">", "less_than_sign": b"<", "comma": b",", "full_stop": b".",
    "question_mark": b"?", "page_up": b"\x1b[5~", "page_down": b"\x1b[6~", "delete": b"\x1b[3~",
}  # fmt: skip
WORDS = ("ㄹ", "ㅠ", "ㅕ", "안녕", "한글", "é", "½", "δ", "🐒", "👩‍👩‍👧‍👦", "ｗ", "\u200b", "\u202e", "\u0301")
NAMES = ("w1[1,1]", "w2[1,2]", "b1[1]", "x1", "loss", "y1", "dw1[1,1]", "z1[1]", "w9[9,9]", "w1[1", "", "δ2[1]")


def key_bytes(name: str) -> bytes:
    """What a terminal sends for a key of the bindings."""
    return name.encode() if len(name) == 1 else SEQUENCES[name]


BOUND = tuple(dict.fromkeys(key_bytes(name) for key in KEYS for name in key.keys.split(",") if key.action != "quit"))


def random_events(seed: int) -> Iterator[Event]:
    """The events of a seed, without end."""
    rng = random.Random(seed)
    kinds = (
        (bound, 46), (go, 8), (text, 6), (edit, 5), (dialog, 6), (control, 4), (sequence, 4), (garbage, 3),
        (foreign, 4), (paste, 1), (mouse, 16), (size, 4), (quit_key, 0.03),
    )  # fmt: skip
    while True:
        (kind,) = rng.choices([each for each, _ in kinds], [weight for _, weight in kinds])
        yield from kind(rng)


def bound(rng: random.Random) -> Iterator[Event]:
    """A key that does something, perhaps held down."""
    yield rng.choice(BOUND) * rng.choice((1, 1, 1, 1, 2, 3, 10))


def go(rng: random.Random) -> Iterator[Event]:
    """Running, at some speed; mostly from the main screen, and mostly for a while."""
    if rng.random() < 0.7:
        yield ESCAPE * 3
    yield rng.choice((b"r", b"++++++r", b"++++++r", b"---r", b"P", b"r\x7f", b"rr", b"c\rr"))
    if rng.random() < 0.7:
        yield rng.choice((0.05, 0.2, 0.6))


def text(rng: random.Random) -> Iterator[Event]:
    """Some characters, which only a prompt wants."""
    letters = "".join(chr(code) for code in range(32, 127) if chr(code) != "q")
    yield "".join(rng.choice(letters) for _ in range(rng.randrange(1, 6))).encode()


def edit(rng: random.Random) -> Iterator[Event]:
    """A change, mostly one that can be made."""
    example = rng.choice([form.example for form in EDITS.values()])
    if "=" in example and rng.random() < 0.5:
        name, _, value = example.partition("=")
        strange = ("0", "-1", "1e308", "nan", "3", "1e-9", "0.9", "x", "", "999999999", value)
        example = f"{name}= {rng.choice(strange)}"
    yield rng.choice((b"e", b"e", b"e", b"c"))
    yield b"\x15" + example.encode()  # ctrl+u empties the line
    yield rng.choice((b"\r", b"\r", b"\r", ESCAPE, b"\t\r", b"\x1b[B\r"))


def dialog(rng: random.Random) -> Iterator[Event]:
    """Something that opens, and something that is done there."""
    number = str(rng.choice((0, 1, 7, 50, 300, 5000, 10**8, 10**30))).encode()
    yield rng.choice(
        (
            b"t" + number + b"\r", b"/" + rng.choice(NAMES).encode() + b"\r", b"o\x1b[B\r", b"o\x1b[A\x1b[A\r", b"o",
            b"M\r", b"M5\t20\r", b"w", b"ww", b"wrr", b"g", b"i", b"?", b"\r", b"\re", b"\x10", b"\x10screenshot\r",
            b"\x10open " + rng.choice(COURSE)[:4].encode() + b"\r", b"\x10\r", b"\x10zoom\r", b"\x10speed\x1b[B\r",
        )
    )  # fmt: skip
    if rng.random() < 0.7:
        yield ESCAPE * rng.randrange(1, 4)


def control(rng: random.Random) -> Iterator[Event]:
    """Control and alt with something; not control and q, which leaves."""
    code = rng.choice([code for code in range(32) if code not in (0x11, 0x1B)])
    yield rng.choice((bytes([code]), b"\x1b" + bytes([rng.choice(b"abcdefghijkmnoprstuvwxyz[]O")]), b"\x1b[127;5u"))


def sequence(rng: random.Random) -> Iterator[Event]:
    """Keys by their sequences, and sequences that none has."""
    number = rng.choice((0, 1, 2, 5, 15, 27, 97, 200, 4000, 57399, 10**9))
    yield rng.choice(
        (
            rng.choice(list(SEQUENCES.values())), b"\x1b[%d~" % rng.randrange(1, 34),
            b"\x1bO%c" % rng.randrange(65, 91), b"\x1bP1",
            b"\x1b[%d;%du" % (number, rng.randrange(1, 9)), b"\x1b[%d;%d%c" % (number, 3, rng.randrange(65, 91)),
            b"\x1b[I", b"\x1b[O", b"\x1b[1;5R", b"\x1b]11;rgb:00/00/00\x07", b"\x1b[?62;22c", b"\x1b[", b"\x1b",
        )
    )  # fmt: skip


def garbage(rng: random.Random) -> Iterator[Event]:
    """Bytes; those that leave (control and q, and q) are left out."""
    yield bytes(byte for byte in rng.randbytes(rng.randrange(1, 9)) if byte not in (0x11, 0x71))


def foreign(rng: random.Random) -> Iterator[Event]:
    """What other keyboards and input methods send: a word, a Hangul syllable, a letter or sign of full width."""
    character = rng.choice((rng.choice(WORDS), chr(rng.randrange(0xAC00, 0xD7A4)), chr(rng.randrange(0xFF01, 0xFF5F))))
    if not any("q" in latin_keys(each).lower() for each in character):  # which leaves
        yield character.encode()


def paste(rng: random.Random) -> Iterator[Event]:
    """A paste, perhaps a long one."""
    content = rng.choice((b"eta = 0.1", b"1\n2\n3", b"", b"\x00\xff", "한글".encode(), b"w1[1,1] = 0.5" * 500))
    yield b"\x1b[200~" + content + b"\x1b[201~"


def mouse(rng: random.Random) -> Iterator[Event]:
    """A click, a drag, the wheel or a move; now and then outside of every screen."""
    far = 400 if rng.random() < 0.1 else 120
    x, y = rng.randrange(0, far), rng.randrange(0, far // 2)
    if rng.random() < 0.25:  # the timeline and what is near it
        y = rng.randrange(30, 41)
    button = rng.choice((0, 0, 0, 1, 2, 3, 4, 8, 16, 64, 65, 66, 67, 35))

    def at(code: int, end: str) -> bytes:
        return f"\x1b[<{code};{x};{y}{end}".encode()

    yield at(button, "M")
    if button < 64 and rng.random() < 0.3:
        for _ in range(rng.randrange(1, 8)):
            x, y = max(0, x + rng.randrange(-12, 13)), max(0, y + rng.randrange(-3, 4))
            yield at(button | 32, "M")
    if rng.random() < 0.95:
        yield at(button, "m")


def size(rng: random.Random) -> Iterator[Event]:
    """Another size, mostly a common one."""
    common = ((120, 40), (80, 24), (200, 60), (60, 20), (1, 1), (300, 100))
    yield rng.choice(common) if rng.random() < 0.6 else (rng.randrange(1, 301), rng.randrange(1, 101))


def quit_key(rng: random.Random) -> Iterator[Event]:
    """Leave."""
    yield rng.choice((b"q", b"\x11"))
