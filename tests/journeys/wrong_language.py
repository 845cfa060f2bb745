"""Finds text that stands in the other language without saying so, by the share of each language's function words."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

FRENCH: Final = """
    le la les des du un une et est sont pour que qui dans vous votre vos nous notre avec sur ce cette ces au aux de en
    ne pas par elle il se sa son ses leur être sans plus ou où si
"""
ENGLISH: Final = """
    the an and is are for that who in you your we our with this these to of not by she he it its their be as from have
    has no if when how what at can may will
"""
FUNCTION_WORDS: Final = {"fr": frozenset(FRENCH.split()), "en": frozenset(ENGLISH.split())}
WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
LEAST: Final = 4
"""Fewer words than this say nothing."""

READ_TEXTS: Final = """() => {
  const found = new Map();
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const block = (node) => {
    let at = node.parentElement;
    while (at && getComputedStyle(at).display.startsWith("inline") && at.parentElement
           && at.closest("[lang]") === at.parentElement.closest("[lang]")) at = at.parentElement;
    return at;
  };
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || parent.closest("script, style, template, noscript") || !walker.currentNode.data.trim()) continue;
    const holder = block(walker.currentNode);
    found.set(holder, (found.get(holder) || "") + " " + walker.currentNode.data);
  }
  const texts = [...found].map(([holder, text]) => [holder.closest("[lang]").lang, text.replace(/\\s+/g, " ").trim()]);
  for (const each of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
    for (const name of ["aria-label", "title", "placeholder", "alt"])
      if (each.getAttribute(name)) texts.push([each.closest("[lang]").lang, each.getAttribute(name)]);
  return texts;
}"""
"""Run in a page: each block of text with the language that it says it is in."""


def language_of(text: str) -> str | None:
    """`fr`, `en`, or None where the function words do not tell."""
    words = [word.lower() for word in WORD.findall(text)]
    if len(words) < LEAST:
        return None
    counted = Counter({language: sum(word in known for word in words) for language, known in FUNCTION_WORDS.items()})
    (first, most), (_, fewer) = counted.most_common(2)
    return first if most >= 2 and most > 2 * fewer else None


def strayed(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The blocks whose words belong to another language than the one they are marked with."""
    return [
        (lang, text) for lang, text in texts if (found := language_of(text)) and not lang.lower().startswith(found)
    ]
