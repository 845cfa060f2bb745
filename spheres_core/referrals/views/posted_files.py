"""Files that came with a public form: each is kept until the referral comes, or its question says why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request
from msgspec import Struct

from spheres_core.facts import Problem
from spheres_core.forms.schemas import Form
from spheres_core.forms.settings import Settings
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_posts import read_post, read_post_with_files
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.referrals.operations.attachments import AttachmentRefused, keep_attachment
from spheres_core.referrals.queries.attachments import waiting_names

MOST_FILES = 20
"""Files of one post that are looked at; no form asks for more."""
HANDLE = 43
"""Characters of a handle."""


class PostedFiles(Struct, frozen=True):
    """The files of a post: those that are kept, and why others are not."""

    pairs: list[tuple[str, str]]
    """The post's pairs, with the handle of each file that was kept."""
    problems: list[Problem]
    names: Mapping[str, str]
    """Names of the files that wait for the referral, by their handles."""


async def read_referral(ctx: Context, request: Request[Any, Any, Any]) -> Post:
    """Returns a public form as it was posted, with files where the region takes some. Raises `WrongKind`,
    `Malformed`."""
    takes_files = ctx.settings("forms", Settings).attachments
    return await (read_post_with_files(request) if takes_files else read_post(request))


async def keep_posted_files(ctx: Context, request_scope: RequestScope, form: Form, post: Post) -> PostedFiles:
    """Keeps the files of a post, in transactions of their own: they stay when the form is shown again.

    A handle that was sent before goes when its file is removed or another takes its place.
    """
    dropped = set(post.every("_drop"))
    pairs = [(name, value) for name, value in post.pairs if name not in dropped and name != "_drop"]
    problems: list[Problem] = []
    files = [] if request_scope.paused else post.files[:MOST_FILES]
    for file in files:
        try:
            async with request_scope.runtime.context(
                request_scope.loaded, actor=ctx.actor, language=ctx.locale.tag
            ) as own:
                kept = await keep_attachment(
                    own, form, file.field, file.content, file.name, once=post.own.get("_once", "")
                )
        except AttachmentRefused as refusal:
            problems += refusal.errors
        else:
            pairs = [pair for pair in pairs if pair[0] != file.field]
            pairs.append((file.field, kept.handle))
    asked = {question.path for question in form.walk()}
    problems = [each for each in problems if _path(each.path) in asked]
    return PostedFiles(pairs, problems, await waiting_names(ctx, [value for _, value in pairs if len(value) == HANDLE]))


def _path(shown: str) -> str:
    """Returns the path of a question without the numbers of entries."""
    return "".join(part.partition("]")[2] if "]" in part else part for part in shown.split("["))
