"""Bytes of mails become text, whatever their label says."""

import codecs
import re

_ALIASES = {
    "ansi_x3.110-1983": "cp1252",
    "cp-850": "cp850",
    "default": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",  # as browsers do: it is a superset of what anybody writes
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "unknown-8bit": "utf-8",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "x-sjis": "cp932",
    "x-unknown": "utf-8",
}
_WESTERN = {"ascii", "cp1252", "iso8859-1", "iso8859-15", "cp1254"}
_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([BJ])")
_TEXT_ONLY = frozenset({"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "uu_codec", "zlib_codec"})


def codec_named(label: str) -> str:
    """Python's name of a charset; empty for one that nobody knows."""
    name = label.strip().strip("\"'").lower().replace(" ", "")
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if found in _TEXT_ONLY or found in {"rot13", "idna", "punycode", "undefined"} else found


def decoded(content: bytes, label: str = "") -> str:
    """The text: by its label where that can be true, else by what the bytes look like. Never fails.

    Bytes that are UTF-8 though the label says Western are UTF-8: by chance that hardly happens.
    """
    if content.startswith(codecs.BOM_UTF8):
        content, label = content[3:], "utf-8"
    named = codec_named(label) if label else ""
    if _JAPANESE.search(content) and named in {"", "ascii", "utf-8"}:
        named = "iso2022_jp"
    guesses = [named] if named else []
    if not named or named in _WESTERN:
        guesses.insert(0, "utf-8")
    for codec in [*guesses, "utf-8", "cp1252"]:
        try:
            return content.decode(codec)
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("latin-1")
