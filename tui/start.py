"""How the app starts: with which settings and keys, what it says first, and whether it goes on with a kept session."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nn_tui.core import __version__
from nn_tui.tui.actions.saved_session import offered, welcome_back
from nn_tui.tui.config.config import Config
from nn_tui.tui.config.files import config_file
from nn_tui.tui.config.log import Log
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.keys.keymap import Keymap, keymap
from nn_tui.tui.saved.auto_saver import Keeper
from nn_tui.tui.saved.session_store import Offer, all_left_out, none_can_be, unkept
from nn_tui.tui.session.choices import SPEEDS
from nn_tui.tui.session.session import Session
from nn_tui.tui.widgets.welcome import is_first_start


@dataclass(frozen=True, slots=True)
class Start:
    """How the app starts: first values of the session's view, moved keys, what to say, whether to welcome.

    ``keeper`` keeps the session, ``offer`` is one that was kept, ``session`` one to go on with at once; ``log``
    is what the messages are written to.
    """

    view: Mapping[str, Any] = field(default_factory=dict)
    keys: Keymap = field(default_factory=Keymap)
    message: str = ""
    welcome: bool = False
    keeper: Keeper | None = None
    offer: Offer | None = None
    session: Session | None = None
    log: Log | None = None


def starting(chosen: Settings, config: Config) -> Start:
    """How the app starts with these settings."""
    keys = keymap(config.keys, f"{config_file(os.environ)}: ")
    view = {name: value for name, value in chosen.view.items() if name in ("digits", "zoom")}
    if "speed" in chosen.view:
        view["speed"] = [speed.label for speed in SPEEDS].index(chosen.view["speed"])
    if "log_scale" in chosen.view:
        view["log"] = chosen.view["log_scale"]
    notices = (*config.notices, *keys.notices)
    more = f" And {len(notices) - 1} more there." if len(notices) > 1 else ""
    message = f"{notices[0]}.{more}" if notices else ""
    return Start(view, keys, message, chosen.welcome and is_first_start())


def with_kept(start: Start, resume_now: bool, preset: str | None) -> Start:
    """The start with the newest kept session of a preset, or of any: to go on with at once, or on offer."""
    keeper = Keeper(os.environ)
    start = replace(start, keeper=keeper)
    found, notices = keeper.offers(preset)
    said = [start.message, unkept(keeper.folder)]
    spoiled = all_left_out(keeper.folder, notices)
    if found and not resume_now:
        # What is wrong comes first: a session can be resumed later too, and one line has no room for both.
        told = [*said, spoiled, offered(found[0], len(found) - 1)]
        return replace(start, offer=found[0], message=_joined(told))
    if not resume_now:
        return replace(start, message=_joined([*said, spoiled]))
    if not found:
        if preset is None:
            return replace(start, message=_joined([none_can_be(keeper.folder, notices), *said]))
        return replace(start, message=_joined([f"No session of {preset} is kept.", *said, spoiled]))
    taken, notices = keeper.take_newest(start.keys.written, preset)
    spoiled = all_left_out(keeper.folder, notices)
    if taken is None:
        return replace(start, message=_joined([spoiled, *said]))
    offer, session = taken
    return replace(start, session=session, message=_joined([welcome_back(offer, session), *said, spoiled]))


def with_log_begun(start: Start, log: Log | None, preset: str) -> Start:
    """The start with a log, which begins with the preset and what is said first."""
    if log is None:
        return start
    session = start.session.run.experiment.preset.id if start.session else preset
    said = [f"nn-tui {__version__} opens {session}.", *([start.message] if start.message else [])]
    return replace(start, log=log, message=_joined([*map(log.note, said), start.message]))


def _joined(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
