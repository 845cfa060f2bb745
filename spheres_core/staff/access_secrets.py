"""Secrets of sessions, tokens and invitations: 256 random bits each, of which only a hash is kept."""

import hashlib
import hmac
import re
import secrets
from typing import Final
from uuid import UUID

SECRET_LENGTH: Final = len(secrets.token_urlsafe(32))
"""Characters of a secret."""
TOKEN_PREFIX: Final = "sph_"  # noqa: S105 (how every token begins, not one)
_CSRF_TOKEN: Final = re.compile(r"[0-9a-f]{96}")


def new_secret() -> str:
    """Returns a secret that nobody has had before."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """Returns the SHA-256 under which a secret is stored and found again."""
    return hashlib.sha256(secret.encode()).digest()


def csrf_token(cookie: str, account_mark: UUID) -> str:
    """Returns the token that forms carry against other sites. It follows from the cookie, so none is stored.

    `account_mark`: a keyed mark of the account, which says for whom the form was made when the session is gone.
    """
    return hmac.new(cookie.encode(), b"spheres form", "sha256").hexdigest() + account_mark.hex


def account_mark_in(token: str) -> UUID | None:
    """Returns the mark of the account for which a form with this token was made; None for what is no such token."""
    return UUID(hex=token[64:]) if _CSRF_TOKEN.fullmatch(token) else None
