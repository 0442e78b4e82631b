"""Tests of sentences with named fields, and of their translation."""

from __future__ import annotations

from gettext import NullTranslations

from nn_tui.core.translation import all_of, any_of, language, message, message_plural, tr, tr_plural


class Shouting(NullTranslations):
    """A language that is English in capitals, with the fields where they were."""

    def gettext(self, message: str) -> str:
        """Return the sentence in capitals."""
        return " ".join(word if "{" in word else word.upper() for word in message.split(" "))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the sentence for a number in capitals."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def test_fields_are_filled_in_with_their_format() -> None:
    assert tr("Go to update {update:,}.", update=12345) == "Go to update 12,345."


def test_a_plural_is_chosen_by_the_count() -> None:
    texts = [tr_plural("{count} run of {name}", "{count} runs of {name}", count, name="xor") for count in (0, 1, 2)]
    assert texts == ["0 runs of xor", "1 run of xor", "2 runs of xor"]


def test_a_message_is_translated_when_it_is_shown() -> None:
    inner = message_plural("{count} layer", "{count} layers", 2)
    outer = message("this network has {layers} only", layers=inner)
    assert str(outer) == "this network has 2 layers only"
    with language(Shouting()):
        assert str(outer) == "THIS NETWORK HAS 2 LAYERS ONLY"
    assert str(outer) == "this network has 2 layers only"


def test_equal_messages_are_equal_in_every_language() -> None:
    assert message("a {b}", b=1) == message("a {b}", b=1) != message("a {b}", b=2)


def test_names_are_listed_as_one_phrase() -> None:
    assert [str(all_of(names)) for names in ([], [1], [1, 2], [1, 2, 3])] == ["", "1", "1 and 2", "1, 2 and 3"]
    assert [str(any_of(names)) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a or b", "a, b or c"]


def test_a_list_of_messages_is_translated_when_it_is_shown() -> None:
    names = any_of([message("small steps"), message("large steps"), "η"])
    with language(Shouting()):
        assert str(names) == "SMALL STEPS, LARGE STEPS OR η"
