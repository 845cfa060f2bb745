"""The demo's accounts and their passwords, kept in SPHERES_HOME so that they can be printed again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from argon2 import PasswordHasher
from msgspec import Struct, structs

from spheres_core.cli.demo_data import partners
from spheres_core.cli.output import CommandError
from spheres_core.cli.staff import passphrases
from spheres_core.facts import msg
from spheres_core.foundation.postgres.server_record import write_private
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.staff.queries import members

FILE: Final = "demo.json"
QUICKLY: Final = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""For passwords that chance made and that guard nothing real. An account's first sign-in stores the hash that all have,
a third of a processor second of work each."""


class DemoAccount(Struct, frozen=True):
    """Somebody who can sign in to each region of the demo. The name is nobody's."""

    address: str
    name: str
    role: str
    works_for: str = ""
    """Which of `partners.employers`; empty for the program itself."""

    def email(self, slug: str) -> str:
        """Returns the address that this person signs in with to a region."""
        return f"{self.address}@{slug}.example.org"


COORDINATOR: Final = DemoAccount("coordination", "Camille Exemple", "coordinator")
FIRST_PIVOT: Final = DemoAccount("pivot", "Andréa Exemple", "pivot_worker", "first_pivot")
SECOND_PIVOT: Final = DemoAccount("deuxieme-pivot", "Claude Exemple", "pivot_worker", "second_pivot")
LIAISON: Final = DemoAccount("liaison", "Frédérique Exemple", "liaison", "service")
COMMITTEE: Final = DemoAccount("comite", "Morgan Exemple", "committee_member", "service")
ON_CALL: Final = DemoAccount("garde", "Noa Exemple", "on_call_partner", "service")
PRIVACY_OFFICER: Final = DemoAccount("confidentialite", "Pascale Exemple", "privacy_officer")
CONTENT_EDITOR: Final = DemoAccount("contenu", "Sacha Exemple", "content_editor")
CLINICAL_SUPPORT: Final = DemoAccount("soutien", "Lou Exemple", "clinical_support")
ACCOUNTS: Final = (
    COORDINATOR,
    FIRST_PIVOT,
    SECOND_PIVOT,
    LIAISON,
    COMMITTEE,
    ON_CALL,
    PRIVACY_OFFICER,
    CONTENT_EDITOR,
    CLINICAL_SUPPORT,
    DemoAccount("evaluation", "Maxime Exemple", "evaluator"),
    DemoAccount("administration", "Dominique Exemple", "administrator"),
)


class SignIn(Struct, frozen=True):
    """How to sign in to the demo."""

    role: str
    email: str
    password: str
    organization: str = ""
    """Key of the partner organization that this person works for; empty for the program itself."""


class SavedSignIns(Struct):
    """`demo.json` in SPHERES_HOME, mode 0600: the sign-ins by tenant, to be printed again."""

    sign_ins: dict[str, list[SignIn]] = msgspec.field(default_factory=dict)


def read_saved(home: Path) -> SavedSignIns:
    """Returns the saved sign-ins; none where the demo was never started. Raises `CommandError`."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=SavedSignIns)
    except FileNotFoundError:
        return SavedSignIns()
    except msgspec.DecodeError as error:
        raise CommandError(msg("{file} cannot be read: {reason}.", file=str(home / FILE), reason=str(error))) from None


def save(home: Path, saved: SavedSignIns) -> None:
    """Saves them for this user alone."""
    write_private(home / FILE, msgspec.json.format(msgspec.json.encode(saved)).decode())


def add_missing(home: Path, saved: SavedSignIns, slugs: Sequence[str]) -> None:
    """Makes and saves passwords before anything else, so that none is lost when the first start is cut off."""
    before = msgspec.json.encode(saved)
    for slug in slugs:
        known = {each.email: each for each in saved.sign_ins.get(slug, [])}
        saved.sign_ins[slug] = [
            known.get(account.email(slug)) or SignIn(account.role, account.email(slug), passphrases.make_passphrase())
            for account in ACCOUNTS
        ]
    if before != msgspec.json.encode(saved):
        save(home, saved)


async def open_accounts(ctx: Context, saved: SavedSignIns) -> Mapping[str, UUID]:
    """Makes the accounts that are missing in a region. Returns the id of each by its address before the @."""
    slug = ctx.tenant.slug
    passwords = {each.email: each.password for each in saved.sign_ins[slug]}
    there = {member.email: member.id for member in await members.list_members(ctx)}
    employers = await partners.employers(ctx)
    for account in ACCOUNTS:
        email = account.email(slug)
        if email not in there:
            there[email] = await accounts.add_account(
                ctx,
                email,
                name=account.name,
                roles=(account.role,),
                password_hash=QUICKLY.hash(passwords[email]),
                organization=employers.get(account.works_for),
                chooses_referral_mail=account == COORDINATOR,
            )
    saved.sign_ins[slug] = [
        structs.replace(each, organization=employers.get(account.works_for, ""))
        for each, account in zip(saved.sign_ins[slug], ACCOUNTS, strict=True)
    ]
    return {account.address: there[account.email(slug)] for account in ACCOUNTS}
