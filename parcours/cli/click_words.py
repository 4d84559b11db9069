"""The sentences of click, marked here so that the catalogues hold them; click asks for them through gettext.

Only those that somebody can meet on the command line of Parcours.
"""

import gettext

from parcours.core.terminal import LOCALE


def speak_the_same_language() -> None:
    """Lets click, which uses the process's own gettext, find its words in the catalogue of Parcours."""
    gettext.bindtextdomain("django", LOCALE)
    gettext.textdomain("django")


def gettext_noop(message: str) -> str:
    return message


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    return one, many


WORDS = (
    gettext_noop("Usage:"),
    gettext_noop("Options"),
    gettext_noop("Commands"),
    gettext_noop("Show this message and exit."),
    gettext_noop("Show the version and exit."),
    gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("Error: {message}"),
    gettext_noop("Aborted!"),
    gettext_noop("Missing command."),
    gettext_noop("Missing argument"),
    gettext_noop("Missing option"),
    gettext_noop("Missing parameter"),
    gettext_noop("No such command {name!r}."),
    gettext_noop("No such option {name!r}."),
    ngettext_noop("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    gettext_noop("Invalid value: {message}"),
    gettext_noop("Invalid value for {param_hint}: {message}"),
    gettext_noop("Option {name!r} requires an argument."),
    gettext_noop("Option {name!r} does not take a value."),
    ngettext_noop("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    gettext_noop("Choose from:\n\t{choices}"),
    ngettext_noop("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    gettext_noop("{value!r} is not a valid {number_type}."),
    gettext_noop("{value} is not in the range {range}."),
    gettext_noop("{name} {filename!r} does not exist."),
    gettext_noop("{name} {filename!r} is a file."),
    gettext_noop("{name} {filename!r} is a directory."),
    gettext_noop("{name} {filename!r} is not readable."),
    gettext_noop("{name} {filename!r} is not writable."),
    gettext_noop("default: {default}"),
    gettext_noop("required"),
    gettext_noop("file"),
    gettext_noop("directory"),
    gettext_noop("path"),
)
