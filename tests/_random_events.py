"""Random events for the monkey: keys, pastes, mouse events and sizes, repeatable by a seed.

Replies that switch on in-band resizes are left out, because the terminal of the tests does not send such resizes.
Events that quit the app are rare, so that each app handles many events.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from nn_tui.core.edits.grammar import EDITS
from nn_tui.presets import COURSE
from nn_tui.tui.keys.hangul import latin_keys
from nn_tui.tui.keys.keys import KEYS

Event = bytes | tuple[int, int] | float  # bytes to send, a size, or seconds to wait

ESCAPE = b"\x1b[27u"
SEQUENCES = {
    "space": b" ", "backspace": b"\x7f", "enter": b"\r", "tab": b"\t", "escape": b"\x1b", "f1": b"\x1bOP",
    "up": b"\x1b[A", "down": b"\x1b[B", "right": b"\x1b[C", "left": b"\x1b[D", "home": b"\x1b[H", "end": b"\x1b[F",
    "ctrl+left": b"\x1b[1;5D", "ctrl+right": b"\x1b[1;5C", "shift+left": b"\x1b[1;2D", "shift+right": b"\x1b[1;2C",
    "plus": b"+", "equals_sign": b"=", "minus": b"-", "asterisk": b"*", "left_parenthesis": b"(",
    "right_parenthesis": b")", "left_square_bracket": b"[", "right_square_bracket": b"]", "slash": b"/",
    "semicolon": b";", "greater_than_sign": b">", "less_than_sign": b"<", "comma": b",", "full_stop": b".",
    "question_mark": b"?", "pageup": b"\x1b[5~", "pagedown": b"\x1b[6~", "delete": b"\x1b[3~",
    "ctrl+r": b"\x12",
}  # fmt: skip
WORDS = ("ㄹ", "ㅠ", "ㅕ", "안녕", "한글", "é", "½", "δ", "🐒", "👩‍👩‍👧‍👦", "ｗ", "\u200b", "\u202e", "\u0301")
NAMES = ("w1[1,1]", "w2[1,2]", "b1[1]", "x1", "loss", "y1", "dw1[1,1]", "z1[1]", "w9[9,9]", "w1[1", "", "δ2[1]")


def key_bytes(name: str) -> bytes:
    """Return the bytes that a terminal sends for a key."""
    return name.encode() if len(name) == 1 else SEQUENCES[name]


BOUND = tuple(dict.fromkeys(key_bytes(name) for key in KEYS for name in key.keys.split(",") if key.action != "quit"))


def random_events(seed: int) -> Iterator[Event]:
    """Yield the events of a seed without end."""
    rng = random.Random(seed)
    kinds = (
        (bound, 46), (train, 8), (text, 6), (edit, 5), (dialog, 6), (control, 4), (sequence, 4), (garbage, 3),
        (foreign, 4), (paste, 1), (mouse, 16), (size, 4), (quit_key, 0.03),
    )  # fmt: skip
    while True:
        (kind,) = rng.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])
        yield from kind(rng)


def bound(rng: random.Random) -> Iterator[Event]:
    """Press a key that is bound to an action, or hold it down."""
    yield rng.choice(BOUND) * rng.choice((1, 1, 1, 1, 2, 3, 10))


def train(rng: random.Random) -> Iterator[Event]:
    """Start training at some speed, mostly from the main screen, and mostly wait for a while."""
    if rng.random() < 0.7:
        yield ESCAPE * 3
    yield rng.choice((b"r", b"++++++r", b"++++++r", b"---r", b"P", b"r\x7f", b"rr", b"c\rr"))
    if rng.random() < 0.7:
        yield rng.choice((0.05, 0.2, 0.6))


def text(rng: random.Random) -> Iterator[Event]:
    """Type some characters, as in a prompt."""
    letters = "".join(chr(code) for code in range(32, 127) if chr(code) != "q")
    yield "".join(rng.choice(letters) for _ in range(rng.randrange(1, 6))).encode()


def edit(rng: random.Random) -> Iterator[Event]:
    """Enter a change, which is mostly valid."""
    example = rng.choice([form.example for form in EDITS.values()])
    if "=" in example and rng.random() < 0.5:
        name, _, value = example.partition("=")
        strange = ("0", "-1", "1e308", "nan", "3", "1e-9", "0.9", "x", "", "999999999", value)
        example = f"{name}= {rng.choice(strange)}"
    yield rng.choice((b"e", b"e", b"e", b"c"))
    yield b"\x15" + example.encode()  # ctrl+u empties the line
    yield rng.choice((b"\r", b"\r", b"\r", ESCAPE, b"\t\r", b"\x1b[B\r"))


def dialog(rng: random.Random) -> Iterator[Event]:
    """Open a dialog, do something in it, and mostly close it."""
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
    """Press control or alt with another key; not ctrl+q, which quits."""
    code = rng.choice([code for code in range(32) if code not in (0x11, 0x1B)])
    yield rng.choice((bytes([code]), b"\x1b" + bytes([rng.choice(b"abcdefghijkmnoprstuvwxyz[]O")]), b"\x1b[127;5u"))


def sequence(rng: random.Random) -> Iterator[Event]:
    """Send the sequence of a key, or a sequence that belongs to no key."""
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
    """Send random bytes, without those of ctrl+q and q, which quit."""
    yield bytes(byte for byte in rng.randbytes(rng.randrange(1, 9)) if byte not in (0x11, 0x71))


def foreign(rng: random.Random) -> Iterator[Event]:
    """Type as other keyboards do: a word, a Hangul syllable, or a full-width character."""
    character = rng.choice((rng.choice(WORDS), chr(rng.randrange(0xAC00, 0xD7A4)), chr(rng.randrange(0xFF01, 0xFF5F))))
    if not any("q" in latin_keys(part).lower() for part in character):  # q quits
        yield character.encode()


def paste(rng: random.Random) -> Iterator[Event]:
    """Paste a text, sometimes a long one."""
    content = rng.choice((b"eta = 0.1", b"1\n2\n3", b"", b"\x00\xff", "한글".encode(), b"w1[1,1] = 0.5" * 500))
    yield b"\x1b[200~" + content + b"\x1b[201~"


def mouse(rng: random.Random) -> Iterator[Event]:
    """Click, drag, scroll or move the mouse, sometimes outside of the screen."""
    far = 400 if rng.random() < 0.1 else 120
    x, y = rng.randrange(0, far), rng.randrange(0, far // 2)
    if rng.random() < 0.25:  # on the timeline or near it
        y = rng.randrange(30, 41)
    button = rng.choice((0, 0, 0, 1, 2, 3, 4, 8, 16, 64, 65, 66, 67, 35))

    def event(code: int, end: str) -> bytes:
        return f"\x1b[<{code};{x};{y}{end}".encode()

    yield event(button, "M")
    if button < 64 and rng.random() < 0.3:
        for _ in range(rng.randrange(1, 8)):
            x, y = max(0, x + rng.randrange(-12, 13)), max(0, y + rng.randrange(-3, 4))
            yield event(button | 32, "M")
    if rng.random() < 0.95:
        yield event(button, "m")


def size(rng: random.Random) -> Iterator[Event]:
    """Resize the terminal, mostly to a common size."""
    common = ((120, 40), (80, 24), (200, 60), (60, 20), (1, 1), (300, 100))
    yield rng.choice(common) if rng.random() < 0.6 else (rng.randrange(1, 301), rng.randrange(1, 101))


def quit_key(rng: random.Random) -> Iterator[Event]:
    """Quit the app."""
    yield rng.choice((b"q", b"\x11"))
