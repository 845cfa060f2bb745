"""One region as a test uses it: refer, deliver what the trail owes, ask a hook, send requests with or without roles."""

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import msgspec

from spheres_core import hookspecs
from spheres_core.audit.events import delivery
from spheres_core.audit.events.schedules import enqueue_due
from spheres_core.forms import queries as forms
from spheres_core.foundation.isolation.hook_calls import HookImplementation
from spheres_core.foundation.plugins.discovery import Machine
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations import adopt_directory as partners
from spheres_core.partners.schemas.directory import Directory, Organization
from spheres_core.testing import page_forms, trial_region
from spheres_core.testing.hook_trials import HookUnknown, facts_from, try_hook
from spheres_core.testing.world import World


def with_what_it_requires(machine: Machine, plugin_id: str) -> tuple[str, ...]:
    """Returns a plugin's id and those of all plugins that it requires."""
    found: list[str] = []
    waiting = [plugin_id]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.append(here)
            waiting += machine.plugins[here].manifest.requires if here in machine.plugins else ()
    return tuple(found)


def with_a_region(machine: Machine, folder: Path) -> Machine:
    """Returns the machine with a small made-up region beside its plugins, for those that have no form of their own."""
    return Machine({**machine.plugins, **trial_region.installed(folder)}, machine.broken)


ZONE: Final = ZoneInfo("America/Toronto")
"""The time zone of the tests' regions."""
GATHERED: Final = object()
"""Stands for what the plugin gathers itself."""


class Client:
    """One caller of one region: anybody, or staff with some roles. Addresses begin after the region's own."""

    def __init__(self, world: World, slug: str, *roles: str) -> None:
        self._world = world
        self._slug = slug
        self.headers = world.bearer(slug, *roles) if roles else {}

    def request(self, method: str, path: str, **values: Any) -> httpx.Response:
        """Sends one request, for example `request("GET", "/api/x/my_plugin/list")`."""
        headers = {**self.headers, **values.pop("headers", {})}
        return self._world.request(method, f"/t/{self._slug}{path}", headers=headers, **values)

    def get(self, path: str, **values: Any) -> httpx.Response:
        return self.request("GET", path, **values)

    def post(self, path: str, **values: Any) -> httpx.Response:
        return self.request("POST", path, **values)

    def read(self, path: str) -> str:
        """Returns what stands at an address. AssertionError where it is refused or not there."""
        answer = self.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def fill_in(self, path: str, typed: Mapping[str, object]) -> httpx.Response:
        """Opens a page and sends its form with this typed at these labels. AssertionError for a label that it lacks."""
        form = page_forms.form_with(self.read(path), typed)
        start = f"/t/{self._slug}"
        return self.post(form.action.removeprefix(start) or path, data=form.values)


class Region:
    """One tenant of a world in which a plugin is at work."""

    def __init__(self, world: World, slug: str, plugin_id: str = "") -> None:
        self.world = world
        self.slug = slug
        self.plugin_id = plugin_id

    def client(self, *roles: str) -> Client:
        """Returns a client that has these roles; without roles, one that is not signed in."""
        return Client(self.world, self.slug, *roles)

    def answers(self, **facts: Any) -> dict[str, Any]:
        """Answers to its referral form that are valid today, with these put where a question has that meaning."""
        answers = self.world.example_answers(self.slug)

        async def asked(ctx: Context) -> list[tuple[str, str]]:
            form = await forms.current(ctx, "referral")
            return [(each.meaning, each.path) for each in form.walk() if each.meaning]

        for meaning, path in self.world.act(self.slug, asked):
            if meaning in facts:
                *groups, name = path.split(".")
                place = answers
                for group in groups:
                    place = place.setdefault(group, {})
                place[name] = facts[meaning]
        return answers

    def send(self, **facts: Any) -> httpx.Response:
        """Sends a referral with answers of these meanings."""
        return self.world.refer(self.slug, self.answers(**facts))

    def refer(self, **facts: Any) -> UUID:
        """Sends a referral and returns its id. AssertionError when it is not received."""
        answer = self.send(**facts)
        assert answer.status_code == 201, answer.text
        return self.newest()

    def newest(self) -> UUID:
        """Returns the id of the referral that was received last."""

        async def asking(ctx: Context) -> UUID:
            rows = await ctx.db.sql("SELECT id FROM referrals ORDER BY id DESC LIMIT 1")
            return UUID(str(rows[0][0]))

        return self.world.act(self.slug, asking)

    def organization(self, key: str, **values: Any) -> str:
        """Puts an organization into the region's directory; returns its key. `values` are fields of `Organization`.

        `roles=["shelter"]` are roles that it has had for years; without any, plugins are not told of it.
        """
        name = {"fr": f"Organisme {key}", "en": f"{key} organization"}
        values["roles"] = [_role(each) if isinstance(each, str) else each for each in values.get("roles", ())]
        plain = {"key": key, "name": name, "kind": "community", "status": "to_confirm"}
        made = msgspec.convert({**plain, **values}, Organization)

        async def adding(ctx: Context) -> None:
            await partners.adopt(ctx, Directory(1, organizations=(made,)), "tests")

        self.world.act(self.slug, adding)
        return key

    def deliver(self, *, again: bool = False) -> None:
        """Does now what the worker does: due schedules, and what the trail owes; with `again`, everything once more."""
        self.world.run(enqueue_due(self.world.runtime))
        known = self.world.loaded(self.slug).plugins.verbs
        verbs = [verb for verb, each in known.items() if each.hook or each.notifies]

        async def owed(ctx: Context) -> list[UUID]:
            if again:
                await ctx.db.sql("UPDATE deliveries SET done_at = NULL, parked_at = NULL")
            found = await ctx.db.sql(
                "SELECT id FROM trail_entries e WHERE verb = ANY($1) AND NOT EXISTS (SELECT FROM deliveries d"
                " WHERE d.entry_id = e.id AND d.done_at IS NOT NULL) ORDER BY id", verbs,
            )  # fmt: skip
            return [row[0] for row in found]

        for entry in self.world.act(self.slug, owed):
            with contextlib.suppress(delivery.DeliveryUnfinished):
                self.world.run(delivery.deliver(self.world.runtime, self.slug, entry))

    def trail(self, start: str = "") -> list[str]:
        """Returns the verbs of its trail in order: those that begin so, `region.trail("my_plugin.")`."""

        async def asking(ctx: Context) -> list[str]:
            rows = await ctx.db.sql("SELECT verb FROM trail_entries WHERE starts_with(verb, $1) ORDER BY id", start)
            return [row[0] for row in rows]

        return self.world.act(self.slug, asking)

    def failures(self) -> list[tuple[str, str]]:
        """Recipients that could not be told, such as `hook:my_plugin`, with what is known of why."""

        async def asking(ctx: Context) -> list[tuple[str, str]]:
            found = await ctx.db.sql("SELECT recipient, error FROM deliveries WHERE done_at IS NULL")
            return [(row[0], row[1] or "") for row in found]

        return self.world.act(self.slug, asking)

    def ask(self, hook: str, *, own: Any = GATHERED, **facts: Any) -> Sequence[Any]:
        """Puts a question to the plugin alone; facts that are not given are examples.

        `referral={"age": 16}` gives some fields, in the form that JSON has; `own` stands in for what the plugin gathers
        from its tables, which it does here and now otherwise. AssertionError for a hook that it does not answer, for
        facts that the hook does not get, and with exception, words and line when it fails.
        """
        loaded = self.world.loaded(self.slug)
        answered = [name for name in hookspecs.ANSWERS if self._own(name)]
        if hook not in answered:
            raise HookUnknown(hook, answered)
        given = facts_from(hook, facts)
        gathered = self._gather(given.get("referral")) if own is GATHERED else own
        tried = try_hook(hook, self._own(hook), loaded.settings, given, gathered, self.world.run)
        assert not tried.failure, f"{hook}: {tried.failure}"
        return [answer for _, answer in tried.answers.answers]

    def _own(self, hook: str) -> list[HookImplementation]:
        loaded = self.world.loaded(self.slug)
        return [each for each in loaded.plugins.listeners(hook) if each.owner == self.plugin_id]

    def _gather(self, referral: Any) -> Any:
        mine = self._own("gather_own")

        async def gathering(ctx: Context) -> Any:
            values = {"ctx": ctx, "referral": referral}
            for each in mine:
                return await each.function(**{name: values[name] for name in each.arguments})
            return None

        return self.world.act(self.slug, gathering)


def _role(role: str) -> dict[str, Any]:
    return {"role": role, "from": "2020-01-01", "duty": {"fr": "Essai", "en": "Trial"}, "status": "to_confirm"}


class Clock:
    """The clock of the test world: it shows the time that a test sets."""

    def __init__(self, world: World, now: dt.datetime) -> None:
        self._world = world
        self.set(now)

    def set(self, now: dt.datetime | str) -> None:
        """Sets it to a moment with a zone, or to one of the tests' regions: `"2031-03-03 18:30"`."""
        moment = dt.datetime.fromisoformat(now) if isinstance(now, str) else now
        self._world.now = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)

    def forward(self, **span: float) -> dt.datetime:
        """Moves it on, as `forward(days=1, hours=2)`; returns the moment it then shows."""
        return self._world.forward(**span)
