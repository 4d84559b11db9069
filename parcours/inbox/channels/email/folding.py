"""Quotations and signatures of HTML mails, folded: what somebody wrote themselves is read first."""

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from lxml import html as parser
from lxml.etree import LxmlError, ParserError

from parcours.inbox.channels.email.quotes import begins_quotation, begins_signature

MOST_OF_A_LINE = 400
"""Characters of an element that may be the line above a quotation; longer ones are text."""
_BLOCKS = frozenset({"div", "p", "span", "font", "td", "b", "a", "center"})


def folded(html: str, summary: str) -> str:
    """The mail with what it quotes, and how it is signed, behind `summary`; as it is where nothing else
    would be left, or where answers are woven into the quotation.
    """
    try:
        tree = parser.fragment_fromstring(html, create_parent="div")
    except (LxmlError, ParserError, ValueError, AssertionError):
        return html
    for line_end in tree.iter("br"):
        line_end.tail = "\n" + (line_end.tail or "")
    found = _rest(tree) or _one_quote(tree)
    if not found or not _says_more_than(tree, found):
        return html
    _fold(found, summary)
    inside = "".join(parser.tostring(child, encoding="unicode") for child in tree)
    return escape(tree.text or "") + inside


def _rest(tree: parser.HtmlElement) -> list[parser.HtmlElement]:
    """From the head of an earlier mail, or a signature, to the end; or quotations that go to the end."""
    quotes = _quotes(tree)
    for each in tree.iter():
        if each in quotes and not _words_after(quotes[-1]) and not _words_between(quotes):
            return _to_end(_with_intro(each))
        if each.tag in _BLOCKS and not _is_inside(each, quotes) and _begins_rest(each):
            is_woven = any(_words_after(quote) for quote in quotes)
            return [] if is_woven and quotes else _to_end(each)
    return []


def _one_quote(tree: parser.HtmlElement) -> list[parser.HtmlElement]:
    """A single quotation with the answer below it."""
    quotes = _quotes(tree)
    return [quotes[0]] if len(quotes) == 1 else []


def _begins_rest(element: parser.HtmlElement) -> bool:
    text = str(element.text_content()).strip()
    if not text or len(text) > MOST_OF_A_LINE:
        return False
    lines = text.splitlines()
    return begins_quotation(lines, 0) or begins_signature(lines[0])


def _with_intro(quote: parser.HtmlElement) -> parser.HtmlElement:
    """The line above a quotation belongs to it."""
    before = quote.getprevious()
    is_intro = before is not None and before.tag in _BLOCKS and _begins_rest(before)
    return before if is_intro else quote


def _quotes(tree: parser.HtmlElement) -> list[parser.HtmlElement]:
    """Quotations that stand in no other one."""
    found = tree.iter("blockquote")
    return [each for each in found if not any(up.tag == "blockquote" for up in each.iterancestors())]


def _words_between(quotes: list[parser.HtmlElement]) -> bool:
    return any(_words_after(one, until=other) for one, other in pairwise(quotes))


def _words_after(element: parser.HtmlElement, until: parser.HtmlElement | None = None) -> bool:
    """Words behind an element, in the document's order, that are no signature."""
    for text in _texts_after(element, until):
        line = text.strip()
        if line:
            return not begins_signature(line.splitlines()[0])
    return False


def _texts_after(element: parser.HtmlElement, until: parser.HtmlElement | None) -> Iterator[str]:
    yield element.tail or ""
    for sibling in element.itersiblings():
        if until is not None and (sibling is until or until in sibling.iterdescendants()):
            return
        yield str(sibling.text_content())
        yield sibling.tail or ""
    parent = element.getparent()
    if parent is not None and parent.getparent() is not None:
        yield from _texts_after(parent, until)


def _to_end(start: parser.HtmlElement) -> list[parser.HtmlElement]:
    """The element and everything behind it, up through its parents."""
    found = [start, *start.itersiblings()]
    parent = start.getparent()
    while parent is not None and parent.getparent() is not None:
        found += parent.itersiblings()
        parent = parent.getparent()
    return found


def _is_inside(element: parser.HtmlElement, quotes: list[parser.HtmlElement]) -> bool:
    return any(up in quotes for up in element.iterancestors())


def _says_more_than(tree: parser.HtmlElement, found: list[parser.HtmlElement]) -> bool:
    whole = "".join(str(tree.text_content()).split())
    gone = "".join("".join([str(each.text_content()), each.tail or ""]) for each in found)
    return len(whole) > len("".join(gone.split()))


def _fold(found: list[parser.HtmlElement], summary: str) -> None:
    details, title = parser.Element("details"), parser.Element("summary")
    title.text = summary
    details.append(title)
    found[0].addprevious(details)
    for each in found:
        details.append(each)
