"""The catalogues follow what the code and the templates say."""

from pathlib import Path

import pytest

from scripts import messages


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small tree with sentences of every kind, instead of ours."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    area = tmp_path / "parcours" / "web" / "shop"
    (area / "templates").mkdir(parents=True)
    (area / "views.py").write_text(
        'title = _("The shop")\n'
        'hint = ngettext("{n} order", "{n} orders", n).format(n=n)\n'
        'month = pgettext("calendar", "May")\n'
        "unknown = _(variable)\n"
    )
    (area / "templates" / "shop.html").write_text(
        "{% load i18n %}\n<p>It's open\n   <b>{% translate 'Open' %}</b></p>\n"
        "{% blocktranslate count n=n %}{{ n }} shoe{% plural %}{{ n }} shoes{% endblocktranslate %}\n"
        "{% blocktranslate trimmed with name=brand.name %}\n  Welcome to {{ name }}\n{% endblocktranslate %}"
    )
    return tmp_path


def complete() -> None:
    """Fills in the French catalogue as a person would."""
    messages.update()
    catalog = messages.read("fr")
    for message in catalog:
        if message.id:
            message.string = (
                f"fr {message.id}"
                if isinstance(message.id, str)
                else tuple(f"fr {form}" for form in message.id)
            )
    messages.write("fr", catalog)


def change(before: str, after: str) -> None:
    path = messages.catalogue_path("fr")
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


def test_sentences_come_from_code_and_templates(tree: Path) -> None:
    found = {message.id for message in messages.extract() if message.id}
    assert found == {
        "The shop",
        ("{n} order", "{n} orders"),
        "May",
        "Open",
        ("%(n)s shoe", "%(n)s shoes"),
        "Welcome to %(name)s",
    }


def test_a_complete_catalogue_passes(tree: Path) -> None:
    complete()
    assert messages.check() == 0


def test_updating_keeps_translations_and_changes_nothing_by_itself(tree: Path) -> None:
    complete()
    before = messages.catalogue_path("fr").read_text()
    messages.update()
    assert messages.catalogue_path("fr").read_text() == before
    assert messages.check() == 0


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgstr "fr The shop"', 'msgstr ""', "missing: 'The shop'"),
        ("fr Welcome to %(name)s", "fr Bienvenue", "placeholders differ: 'Welcome to %(name)s'"),
        ("fr {n} orders", "fr {m} orders", "placeholders differ"),
        ('msgid "Open"', '#, fuzzy\nmsgid "Open"', "unsure (fuzzy): 'Open'"),
    ],
)
def test_what_is_wrong_in_french_is_told(
    tree: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, fault: str
) -> None:
    complete()
    change(before, after)
    assert messages.check() == 1
    assert fault in capsys.readouterr().out


def test_a_sentence_that_is_gone_leaves_the_catalogue(tree: Path) -> None:
    complete()
    (tree / "parcours" / "web" / "shop" / "views.py").write_text("")
    messages.update()
    assert "The shop" not in messages.catalogue_path("fr").read_text()


def test_programs_read_what_was_compiled(tree: Path) -> None:
    import gettext

    complete()
    messages.compile_all()
    french = gettext.translation("django", localedir=tree / "locale", languages=["fr"])
    assert french.gettext("The shop") == "fr The shop"
