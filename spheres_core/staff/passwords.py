"""Rules for passwords: which are good enough.

Length is what counts; nobody is asked for a digit or a sign.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.text_comparison import fold_letters
from spheres_core.foundation.errors import Conflict, Invalid

SHORTEST = 12
LONGEST = 256
"""Characters. Longer ones are refused rather than cut."""
LEAST_BEYOND_NAMES = 8
"""Characters that must remain when a person's and the program's names are taken out of a password."""

_LOOK_ALIKES = str.maketrans("013457@$!€", "oieastasie")


class PasswordWeak(Invalid):
    """A password that is too short, too common, or made of names."""

    code = "password_weak"


class PasswordsDiffer(Conflict):
    """The new password was typed in two ways."""

    code = "not_the_same"
    message = msg("The two passwords are not the same.")


def check_password(password: str, *, names: Iterable[str]) -> None:
    """Raises `PasswordWeak` for one that is easy to guess. `names`: the person's, the address, the program's."""
    reason = _weakness(normalized(password), names)
    if reason is not None:
        raise PasswordWeak(reason, errors=[Problem(reason, path="password", code="password_weak")])


def _weakness(password: str, names: Iterable[str]) -> Message | None:
    if len(password) < SHORTEST:
        return msg("A password has at least {least} characters.", least=SHORTEST)
    if len(password) > LONGEST:
        return msg("A password has at most {most} characters.", most=LONGEST)
    if _is_common(password):
        return msg("Many people use this password. Please choose one that nobody would guess.")
    if len(_without(password, names)) < LEAST_BEYOND_NAMES:
        return msg("Please choose a password that is not made of your name, your e-mail or the program's name.")
    return None


def _is_common(password: str) -> bool:
    plain = fold_letters(password)
    if len(set(plain)) < 5 or plain in (plain + plain)[1:-1]:
        return True
    core = plain.strip("0123456789!?.*$#-_@ ")
    letters = re.sub(r"[^a-z]", "", core.translate(_LOOK_ALIKES))
    digits = re.sub(r"[^0-9]", "", plain)
    return not _common().isdisjoint({plain, core, letters, digits})


def _without(password: str, names: Iterable[str]) -> str:
    left = fold_letters(password)
    words = {word for name in names for word in re.split(r"[^a-z0-9]+", fold_letters(name)) if len(word) >= 3}
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return re.sub(r"[^a-z0-9]+", "", left) if left.isascii() else left


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common_passwords.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def normalized(password: str) -> str:
    """Returns the same characters whatever keyboard they were typed on: accents may come whole or in two parts."""
    return unicodedata.normalize("NFC", password)
