"""In which language a text is written, of those that Parcours speaks."""

import re

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_FRENCH = """le la les un une des du de et est je j vous nous il elle mon ma mes votre vos pour par sur avec
    sans dans que qui quoi quand quel quelle comment pourquoi où pas ne ce cette ces au aux plus mal"""
_ENGLISH = """the a an of and is are i you we it my your our for by on with without in what who when which how
    why where not do does did this that these to at be have has can will"""
_COMMON = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}


def main_language(code: str) -> str:
    """“fr” of “fr-CA” and “fr_FR”: who speaks one of them is understood in the others."""
    return code.replace("_", "-").partition("-")[0].lower()


def language_of(text: str) -> str:
    """French or English by its commonest words; empty where they don't say."""
    words = _WORD.findall(text.casefold())
    hits = {language: sum(word in common for word in words) for language, common in _COMMON.items()}
    if any(letter in text for letter in "éèêàçùœîï"):
        hits["fr"] += 1
    best = max(hits, key=lambda language: hits[language])
    return best if hits[best] > min(hits.values()) else ""
