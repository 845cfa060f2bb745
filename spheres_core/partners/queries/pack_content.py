"""Reads what the tenant's packs say beside the directory's rows: names of roles, code lists, the legal profile."""

from spheres_core.facts import Message, Words
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners import code_lists, legal_profiles
from spheres_core.partners.directory_file import TOPIC
from spheres_core.partners.schemas.directory import ROLES, DataGovernance


def coordination_to_confirm(ctx: Context) -> Words | None:
    """Returns what is said instead of a coordinator while nobody has been named, or None."""
    return next(
        (d.coordination_to_confirm for _, d in ctx.plugins.gather(TOPIC) if d.coordination_to_confirm),
        None,
    )


def data_governance(ctx: Context) -> DataGovernance | None:
    """Returns who decides what becomes of the region's data, where a pack says that somebody does or should."""
    return next((d.data_governance for _, d in ctx.plugins.gather(TOPIC) if d.data_governance), None)


def legal_profile(ctx: Context) -> legal_profiles.LegalProfile | None:
    """Returns the legal profile of this tenant's plugins, the last one where several bring one."""
    given = ctx.plugins.gather(legal_profiles.TOPIC)
    return given[-1][1] if given else None


def label(ctx: Context, list_name: str, code: str) -> Words | None:
    """Returns the label of a code in one of the region's lists (`needs`, `principles` …), or None."""
    for _, catalogue in reversed(ctx.plugins.gather("catalogue")):
        listed: code_lists.CodeList | None = getattr(catalogue, list_name)
        if listed is not None and (found := listed.label(code)) is not None:
            return found
    return None


def role_names(ctx: Context) -> dict[str, Message | Words]:
    """Returns what each role is called: the program's and the region's own."""
    names: dict[str, Message | Words] = dict(ROLES)
    for _, directory in ctx.plugins.gather(TOPIC):
        names |= directory.role_names
    return names
