"""Checks tags of languages as people write them, and proposes the one that was probably meant."""

from collections.abc import Iterable

from babel.core import get_global

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.language_tags import language_tag
from spheres_core.foundation.languages.localization import match
from spheres_core.foundation.languages.registry import CORE, REGISTRY, TAG


def nearest_tag(written: str, offered: Iterable[str] = ()) -> str:
    """Returns the tag that was probably meant, of those offered when one of them fits; empty when none comes to mind.

    `fr-AC`, `fra`, `FR`, `fr_CA` and `français` all mean `fr-CA`.
    """
    given = language_tag(written.strip()) or written.strip()
    alone = given.partition("-")[0].lower()
    alone = str(get_global("language_aliases").get(alone, alone))
    known = tuple(offered) or tuple(REGISTRY)
    for tag in (given, alone):
        if found := match(tag, known):
            return found
    return next((tag for tag in (given, alone) if tag in CORE), "")


def problem_with_tag(tag: str, own: Iterable[str] = ()) -> Message | None:
    """Returns why a tag names no language, with the one to write instead; None where nothing stands against it.

    A language that CLDR does not know at all may come with another plugin. `own` are those that the plugin brings.
    """
    if tag in CORE or tag in own:
        return None
    if TAG.fullmatch(tag) and tag.partition("-")[0] not in CORE and not nearest_tag(tag):
        return None
    return wrong_tag(tag)


def wrong_tag(tag: str, offered: Iterable[str] = ()) -> Message:
    """Returns the sentence about a tag that is none here, with the one to write instead where there is one."""
    if close := nearest_tag(tag, offered):
        return msg("The language {tag} is not in the registry. Is it {close}?", tag=tag, close=close)
    return msg("The language {tag} is not in the registry.", tag=tag)
