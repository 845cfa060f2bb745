"""Secrets of sessions, tokens and invitations: 256 random bits each, of which only a hash is kept."""

import hashlib
import hmac
import secrets
from typing import Final

SECRET_LENGTH: Final = len(secrets.token_urlsafe(32))
"""Characters of a secret."""
TOKEN_PREFIX: Final = "sph_"  # noqa: S105 (how every token begins, not one)


def new_secret() -> str:
    """Returns a secret that nobody has had before."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """Returns the SHA-256 under which a secret is stored and found again."""
    return hashlib.sha256(secret.encode()).digest()


def csrf_token(cookie: str) -> str:
    """Returns the token that forms carry against other sites. It follows from the cookie, so none is stored."""
    return hmac.new(cookie.encode(), b"spheres form", "sha256").hexdigest()
