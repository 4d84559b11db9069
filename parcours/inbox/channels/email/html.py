"""HTML of mails: what may be shown of it, and its words."""

import re

from lxml import html as parser
from lxml.etree import LxmlError, ParserError

MOST_HTML = 400_000

_TAG_WORDS = """a abbr b blockquote br caption center code col colgroup dd del div dl dt em figcaption figure
    font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s small span strike strong sub sup table tbody td
    tfoot th thead tr tt u ul var"""
_TAGS = frozenset(_TAG_WORDS.split())
_EVERYWHERE = {"align", "bgcolor", "color", "dir", "height", "lang", "style", "title", "valign", "width"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "name"},
    "blockquote": {"type"},
    "font": {"face", "size"},
    "img": {"alt", "src", "border"},
    "ol": {"start", "type"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_STYLE_WORDS = """background-color border border-bottom border-collapse border-left border-radius border-right
    border-spacing border-top color direction font-family font-size font-style font-weight height
    letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right margin-top
    max-width padding padding-bottom padding-left padding-right padding-top text-align text-decoration
    text-indent vertical-align white-space width"""
_STYLES = frozenset(_STYLE_WORDS.split())
_NOT_SHOWN = frozenset({"script", "style", "title", "head", "template", "noscript", "svg", "math", "select"})
_QUOTES = (
    "blockquote[@type='cite']|//div[contains(@class,'gmail_quote')]|//div[contains(@class,'yahoo_quoted')]"
    "|//div[contains(@class,'moz-cite-prefix')]|//div[contains(@class,'protonmail_quote')]"
    "|//blockquote[contains(@class,'gmail_quote')]"
)
_FROM_HERE_ON = "//*[@id='appendonsend' or @id='divRplyFwdMsg' or @id='ms-outlook-mobile-signature-quote']"
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def safe(html: str) -> str:
    """The HTML with what is harmless of it: no scripts, forms, frames, styles that reach out, or `id`s.

    Pictures of the mail itself stay named by `cid:`; where others lie, their addresses stay for whoever asks
    to see them, so the page that shows them must not load them by itself.
    """
    import nh3

    return nh3.clean(
        html[:MOST_HTML],
        tags=set(_TAGS),
        clean_content_tags=set(_NOT_SHOWN),
        attributes=_ATTRIBUTES,
        filter_style_properties=set(_STYLES),
        url_schemes={"cid", "http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def words_of(html: str) -> str:
    """What somebody who reads it would read, as plain text."""
    tree = _tree(html)
    return "" if tree is None else _text(tree)


def own_words_of(html: str) -> str:
    """The same without what mail programs mark as quoted."""
    tree = _tree(html)
    if tree is None:
        return ""
    for mark in tree.xpath(_FROM_HERE_ON):
        _drop_from(mark)
    for quote in tree.xpath(f"//{_QUOTES}"):
        if quote.getparent() is not None:
            quote.drop_tree()
    return _text(tree)


def _tree(html: str) -> parser.HtmlElement | None:
    text = _DECLARED.sub("", html[:MOST_HTML]).replace("\x00", "").strip()
    if not text:
        return None
    try:
        return parser.document_fromstring(text)
    except (LxmlError, ParserError, ValueError, AssertionError):
        return None


def _text(tree: parser.HtmlElement) -> str:
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig

    try:
        text = Inscriptis(tree, ParserConfig(css=CSS_PROFILES["relaxed"])).get_text()
    except (RecursionError, ValueError, IndexError, TypeError):
        text = str(tree.text_content())
    lines = [line.replace("\xa0", " ").replace("\u200b", "").rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _drop_from(mark: parser.HtmlElement) -> None:
    """Takes the element and everything behind it out of its parent."""
    parent = mark.getparent()
    if parent is None:
        return
    for each in list(mark.itersiblings()):
        parent.remove(each)
    parent.remove(mark)
