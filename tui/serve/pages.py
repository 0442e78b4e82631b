"""The pages of the server. They ask no other host for anything, and all their links are relative."""

from __future__ import annotations

import html
from importlib.resources import files
from string import Template

from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.serve.visitor_folder import MAX_NAME

_FOLDER = files("nn_tui.tui.serve") / "pages"


def terminal_page(socket: str, visitors: int) -> str:
    """Return the page with the terminal.

    Args:
        socket: The address of the WebSocket, relative to the page.
        visitors: How many places the server has.
    """
    return _page(
        "terminal.html",
        socket=socket,
        starting=tr("nn-tui is starting …"),
        ended=tr("Your session has ended."),
        quit_why=tr("You have quit, or the app has failed or needed too much. What you have not downloaded is lost."),
        stopped=tr("The server has ended."),
        stopped_why=tr("What you have not downloaded is lost. Your teacher can start the server again."),
        lost=tr("The connection is lost."),
        lost_why=tr("If the server still runs, it keeps your work for 10 minutes: start again and press ⌫."),
        full=tr("All places are taken."),
        full_why=tr_plural(
            "This server has {count} place, and it is taken. Try again in a moment, or ask your teacher.",
            "This server has {count} places, and all are taken. Try again in a moment, or ask your teacher.",
            visitors,
        ),
        silent=tr("The server does not answer. Try again in a moment, or ask your teacher."),
        again=tr("Start again"),
        try_again=tr("Try again"),
        needs=tr("This page needs JavaScript: it draws a terminal."),
    )


def name_page() -> str:
    """Return the page that asks for the name of the visitor."""
    return _page(
        "name.html",
        title=tr("Welcome to nn-tui"),
        about=tr("Your teacher collects the results of practice and lessons. Please type your name."),
        label=tr("Name"),
        start=tr("Start"),
        length=str(MAX_NAME),
    )


def full_page(visitors: int) -> str:
    """Return the page for a visitor for whom there is no place."""
    about = tr_plural(
        "This server has {count} place, and it is taken. The page tries again by itself.",
        "This server has {count} places, and all are taken. The page tries again by itself.",
        visitors,
    )
    return _page(
        "notice.html",
        title=tr("All places are taken"),
        about=about,
        refresh='<meta http-equiv="refresh" content="15">',
        style=_style(),
    )


def address_page() -> str:
    """Return the page for a visitor who has not been told the whole address."""
    about = tr("The address of this server has a word at its end. Ask your teacher for the whole address.")
    return _page("notice.html", title=tr("The address is not complete"), about=about, style=_style())


def _style() -> str:
    """Return the style sheet, for a page whose address may be wrong, so that it cannot link to one."""
    return (_FOLDER / "page.css").read_text(encoding="utf-8")


def _page(name: str, *, refresh: str = "", style: str = "", **texts: str) -> str:
    """Return a page with texts, which are escaped, and with HTML and CSS of this program, which are not."""
    template = Template((_FOLDER / name).read_text(encoding="utf-8"))
    return template.substitute({key: html.escape(text) for key, text in texts.items()}, refresh=refresh, style=style)
