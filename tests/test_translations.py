"""The French catalogue is complete, keeps French typography, and reaches the command line."""

import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.utils import translation

from parcours.cli.click_words import speak_the_same_language
from parcours.cli.main import parcours
from parcours.core.conditions import Condition
from parcours.core.text import one_line, quoted
from scripts import messages

CODE = re.compile(r"`[^`]*`|\S+://\S+|--?[\w-]+|%[a-zA-Z/:%]+|If-Match: \S+|Authorization: \S+")


def french() -> Iterator[tuple[str, str]]:
    for message in messages.read("fr"):
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[0]
            forms = [message.string] if isinstance(message.string, str) else message.string or ()
            yield from ((source, form) for form in forms)


def test_french_has_no_break_spaces_and_curly_apostrophes() -> None:
    plain = re.compile(r"\w'\w| [;!?»](\s|$)| :(\s|$)|« ")
    assert not [form for _source, form in french() if plain.search(CODE.sub("", form))]


def test_nobody_is_shouted_at_in_french() -> None:
    assert not [form for _source, form in french() if "!" in form and "!r" not in form]


def test_quotation_marks_are_those_of_the_language() -> None:
    with translation.override("fr"):
        assert quoted("Cart Viewed") == "«\u202fCart Viewed\u202f»"
        assert (
            Condition("name", "is", ("a", "b")).sentence() == "le nom est «\u202fa\u202f» ou «\u202fb\u202f»"
        )
    with translation.override("en"):
        assert quoted("Cart Viewed") == "“Cart Viewed”"


def test_a_line_keeps_its_no_break_spaces() -> None:
    assert one_line("De quoi\n  s’agit-il\u202f?\t") == "De quoi s’agit-il\u202f?"


def test_the_command_line_speaks_french_words_of_click_included(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    speak_the_same_language()

    said = CliRunner().invoke(parcours, ["nothing-of-the-kind"]).output

    assert "Il n’y a pas de commande 'nothing-of-the-kind'." in said
