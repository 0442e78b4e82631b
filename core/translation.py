"""Sentences with named fields, in the language of the user.

Every sentence that a person reads is one call of :func:`tr` or :func:`tr_plural`, or a :class:`Message` that is shown
later. The English text is the key in the catalogue of a language (gettext's format), so a translator sees whole
sentences, and may put the fields in another order. ``make messages`` extracts the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from gettext import NullTranslations
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_current = [NullTranslations()]  # the language of the user; the only state of a module in this package


def use_language(translations: NullTranslations) -> None:
    """Show all sentences in another language from now on; ``NullTranslations()`` is English."""
    _current[0] = translations


@contextmanager
def language(translations: NullTranslations) -> Iterator[None]:
    """Show all sentences in another language within a ``with`` block."""
    before = _current[0]
    use_language(translations)
    try:
        yield
    finally:
        use_language(before)


def tr(text: str, /, **fields: object) -> str:
    """Return a sentence in the user's language.

    Args:
        text: The English sentence, a literal. Fields are in braces, with a format if needed:
            ``"Go to update {update:,}."``
        fields: The values of the fields. A field may be a :class:`Message`, which is translated, too.
    """
    return _current[0].gettext(text).format_map(fields)


def tr_plural(one: str, many: str, count: int, /, **fields: object) -> str:
    """Return a sentence whose form depends on a number, in the user's language.

    Args:
        one: The English sentence for 1, a literal.
        many: The English sentence for every other number, a literal.
        count: The number; it is also the field ``count``.
        fields: The values of the other fields.

    Examples:
        >>> tr_plural("{count} sample is wrong.", "{count} samples are wrong.", 2)
        '2 samples are wrong.'
    """
    return _current[0].ngettext(one, many, count).format_map({**fields, "count": count})


def all_of(names: Sequence[object], max_count: int | None = None) -> object:
    """Return names as one phrase: ``a``, ``a and b`` or ``a, b and c``.

    Args:
        names: The names.
        max_count: Of more names, only so many are in the phrase, and how many more there are.
    """
    if max_count is not None and len(names) > max_count:
        names = [*names[:max_count], message("{count:,} more", count=len(names) - max_count)]
    if len(names) < 2:
        return names[0] if names else ""
    return message("{names} and {last}", names=_Listed(tuple(names[:-1])), last=names[-1])


def any_of(names: Sequence[object]) -> object:
    """Return names as one phrase: ``a``, ``a or b`` or ``a, b or c``."""
    if len(names) < 2:
        return names[0] if names else ""
    return message("{names} or {last}", names=_Listed(tuple(names[:-1])), last=names[-1])


@dataclass(frozen=True, slots=True)
class _Listed:
    """Names with commas between them, worded when they are shown."""

    names: tuple[object, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.names))


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that is translated when it is shown, by ``str(message)``.

    Attributes:
        text: The English sentence, as for :func:`tr`.
        fields: The values of its fields.
        many: The English sentence for other numbers than 1; "" if the sentence has no plural.
        count: The number that decides between the two.
        shorter: The same message in fewer words, for a line without room for this one; None if there is none.
    """

    text: str
    fields: Mapping[str, object] = field(default_factory=dict)
    many: str = ""
    count: int = 1
    shorter: Message | None = None

    def or_shorter(self, shorter: Message) -> Message:
        """Return the message with a shorter form of it."""
        return replace(self, shorter=shorter)

    @property
    def forms(self) -> tuple[Message, ...]:
        """The message and its shorter forms, the longest first."""
        return (self, *(self.shorter.forms if self.shorter else ()))

    @property
    def template(self) -> str:
        """The sentence in the user's language with its fields in braces, for a caller that shows some of them apart."""
        if self.many:
            return _current[0].ngettext(self.text, self.many, self.count)
        return _current[0].gettext(self.text)

    def parts(self) -> Iterator[tuple[object, str]]:
        """Yield the sentence in parts: its text, and its fields, each with its name; the name of text is "".

        A field is the object itself if the sentence does not say how to format it.
        """
        fields = {**self.fields, "count": self.count}
        for text, name, spec, _ in Formatter().parse(self.template):
            if text:
                yield text, ""
            if name is not None:
                yield format(fields[name], spec) if spec else fields[name], name

    def __str__(self) -> str:
        if self.many:
            return tr_plural(self.text, self.many, self.count, **self.fields)
        return tr(self.text, **self.fields)


def message(text: str, /, **fields: object) -> Message:
    """Return a :class:`Message`; the arguments are those of :func:`tr`."""
    return Message(text, fields)


def message_plural(one: str, many: str, count: int, /, **fields: object) -> Message:
    """Return a :class:`Message` with a plural; the arguments are those of :func:`tr_plural`."""
    return Message(one, fields, many, count)
