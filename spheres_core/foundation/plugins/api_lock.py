"""Locks the API that plugins depend on, so that no change of it goes unnoticed.

`spheres hooks --lock` writes `hooks.lock.json`: each hook with its kind, arguments and answer, each struct that crosses
with its fields, and each name that `spheres_core.plugin` publishes. What is added is recorded there. What is taken away
or changed breaks plugins that were written before, and is refused until the version says so: the first number that is
not zero moves.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct
from packaging.version import Version

from spheres_core import __version__, facts, hookspecs
from spheres_core.facts import activities, emergency_plans, meetings, text_messages
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.plugins import registrations
from spheres_core.hook_versions import Deprecation, HookVersion, hook_version_of
from spheres_core.slots import SLOTS, Slot

LOCK: Final = Path(__file__).parents[2] / "hooks.lock.json"


class Argument(Struct, frozen=True, omit_defaults=True):
    """One argument of a hook, or one field of a struct."""

    name: str
    type: str
    default: str | None = None
    """As Python writes it; None when there is none."""
    since: str = ""
    """Empty: since the hook itself."""
    deprecation: Deprecation | None = None


class Hook(Struct, frozen=True, omit_defaults=True):
    """One hook as plugins meet it."""

    name: str
    kind: str
    is_async: bool
    answer: str
    since: str
    arguments: tuple[Argument, ...] = ()
    deprecation: Deprecation | None = None


class HookApi(Struct, frozen=True):
    """Everything at once, and the version that it belongs to."""

    version: str
    hooks: tuple[Hook, ...]
    structs: Mapping[str, tuple[Argument, ...]]
    published: tuple[str, ...] = ()
    """The names of `spheres_core.plugin`, sorted."""
    slots: Mapping[str, Slot] = msgspec.field(default_factory=dict)
    """The places on pages where plugins show panels, by hook."""
    page_kit: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By template that plugins may use, its blocks or its macros with their arguments."""


class Change(Struct, frozen=True):
    """One difference. `added` needs only to be recorded; `broken` harms plugins that were written before."""

    kind: Literal["added", "broken"]
    what: str
    """`hook`, `hook(argument)`, `Struct.field` or `spheres_core.plugin.name`."""
    how: str


def hooks_of(module: Any = hookspecs) -> dict[str, Any]:
    """Returns the functions of a module that are hooks, in their order, by name."""
    return {
        name: found
        for name, found in vars(module).items()
        if inspect.isfunction(found) and hasattr(found, "hook_version")
    }


def describe(
    published: Iterable[str],
    hooks: Any = hookspecs,
    structs: Sequence[Any] = (facts, activities, meetings, emergency_plans, text_messages, registrations),
    version: str = __version__,
    page_kit: Mapping[str, tuple[str, ...]] | None = None,
) -> HookApi:
    """Returns the surface as the code has it now; `structs` are the modules whose structs cross.

    `page_kit`: what pages of plugins use. `published`: what `spheres_core.plugin` exports, which no part of the core
    imports.
    """
    return HookApi(
        version=version,
        hooks=tuple(_hook(name, found) for name, found in hooks_of(hooks).items()),
        structs={
            name: tuple(_fields(found))
            for module in structs
            for name, found in vars(module).items()
            if isinstance(found, type) and issubclass(found, Struct) and found is not Struct
        },
        published=tuple(sorted(published)),
        slots=dict(SLOTS),
        page_kit=dict(page_kit or {}),
    )


def _hook(name: str, found: Any) -> Hook:
    version_of_hook, said = hook_version_of(found), inspect.signature(found)
    return Hook(
        name=name,
        kind=name.partition("_")[0],
        is_async=inspect.iscoroutinefunction(found),
        answer=str(said.return_annotation),
        since=version_of_hook.since,
        arguments=tuple(_argument(each, version_of_hook) for each in said.parameters.values()),
        deprecation=version_of_hook.deprecation,
    )


def _argument(given: inspect.Parameter, version_of_hook: HookVersion) -> Argument:
    own = version_of_hook.arguments.get(given.name)
    default = None if given.default is inspect.Parameter.empty else repr(given.default)
    return Argument(
        given.name, str(given.annotation), default, own.since if own else "", own.deprecation if own else None
    )


def _fields(struct: type[Struct]) -> Iterator[Argument]:
    annotations = {name: str(said) for owner in reversed(struct.__mro__)
                   for name, said in vars(owner).get("__annotations__", {}).items()}  # fmt: skip
    for each in msgspec.structs.fields(struct):
        default = None if each.required else repr(each.default) if each.default is not msgspec.NODEFAULT else "made"
        yield Argument(each.name, annotations[each.name], default)


def read_lock(path: Path = LOCK) -> HookApi:
    """Returns the API that was locked."""
    return msgspec.json.decode(path.read_bytes(), type=HookApi)


def write_lock(surface: HookApi, path: Path = LOCK) -> None:
    """Locks this surface."""
    replace_file(path, msgspec.json.format(msgspec.json.encode(surface), indent=2) + b"\n")


def may_break(before: str, after: str) -> bool:
    """Returns whether a plugin that worked with one version may stop working with the other: 0.1 → 0.2, 1.4 → 2.0."""
    return _line(after) > _line(before)


def _line(version: str) -> tuple[int, ...]:
    made = Version(version)
    return (made.major,) if made.major else (0, made.minor)


def compare(before: HookApi, after: HookApi) -> list[Change]:
    """Returns every difference between two surfaces; nothing when they are the same."""
    return [
        *_compare_hooks(before.hooks, after.hooks),
        *_compare_structs(before.structs, after.structs),
        *(Change("broken", f"spheres_core.plugin.{name}", "it is gone") for name in _without(before, after)),
        *(Change("added", f"spheres_core.plugin.{name}", "it is new") for name in _without(after, before)),
        *_compare_slots(before.slots, after.slots),
        *_compare_page_kit(before.page_kit, after.page_kit),
    ]


def _compare_page_kit(before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]) -> Iterator[Change]:
    """Yields what differs between page kits; a macro may get further arguments at its end, with defaults."""
    for template in {**before, **after}:
        old, new = before.get(template, ()), after.get(template, ())
        for part in old:
            if part not in new:
                longer = any(each.startswith(part.removesuffix(")") + ", ") for each in new)
                kind: Literal["added", "broken"] = "added" if longer else "broken"
                yield Change(kind, f"{template}: {part}", "it takes more" if longer else "it is gone")
        known = {part.partition("(")[0] for part in old}
        for part in new:
            if part.partition("(")[0] not in known:
                yield Change("added", f"{template}: {part}", "it is new")


def _compare_slots(before: Mapping[str, Slot], after: Mapping[str, Slot]) -> Iterator[Change]:
    """Yields what differs between slots; one that has less room, or other readers, breaks panels that fitted."""
    for name in before.keys() - after.keys():
        yield Change("broken", f"slot {name}", "it is gone")
    for name in after.keys() - before.keys():
        yield Change("added", f"slot {name}", "it is new")
    for name in before.keys() & after.keys():
        for part in Slot.__struct_fields__:
            was, now = getattr(before[name], part), getattr(after[name], part)
            if was != now:
                more = part == "page" or (isinstance(was, int) and not isinstance(was, bool) and now > was)
                yield Change("added" if more else "broken", f"slot {name}", f"{part} was {was} and is {now}")


def _without(one: HookApi, other: HookApi) -> list[str]:
    return sorted({*one.published} - {*other.published})


def _compare_hooks(before: Sequence[Hook], after: Sequence[Hook]) -> Iterator[Change]:
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    for name in old.keys() - new.keys():
        yield Change("broken", name, "it is gone")
    for name in new.keys() - old.keys():
        yield Change("added", name, "it is new")
    for name in old.keys() & new.keys():
        for part in ("kind", "is_async", "answer", "since"):
            was, now = getattr(old[name], part), getattr(new[name], part)
            if was != now:
                yield Change("broken", name, f"{part} was {was} and is {now}")
        yield from _compare_end(name, old[name].deprecation, new[name].deprecation)
        yield from _compare_arguments(name, old[name].arguments, new[name].arguments)


def _compare_arguments(hook: str, before: Sequence[Argument], after: Sequence[Argument]) -> Iterator[Change]:
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    for name in old.keys() - new.keys():
        yield Change("broken", f"{hook}({name})", "it is gone")
    for name in new.keys() - old.keys():
        bare = new[name].default is None
        how = "it is new and has no default" if bare else "it is new"
        yield Change("broken" if bare else "added", f"{hook}({name})", how)
    for name in old.keys() & new.keys():
        yield from _compare_one(f"{hook}({name})", old[name], new[name])


def _compare_one(what: str, was: Argument, now: Argument) -> Iterator[Change]:
    for part in ("type", "default", "since"):
        if getattr(was, part) != getattr(now, part):
            if part == "default" and was.default is None:
                yield Change("added", what, "it need not be given any more")
                continue
            yield Change("broken", what, f"its {part} was {getattr(was, part)} and is {getattr(now, part)}")
    yield from _compare_end(what, was.deprecation, now.deprecation)


def _compare_end(what: str, was: Deprecation | None, now: Deprecation | None) -> Iterator[Change]:
    if was == now:
        return
    sooner = was is not None and now is not None and Version(now.removed_in) < Version(was.removed_in)
    yield Change("broken" if sooner else "added", what, "it goes sooner than was said" if sooner else "its end changed")


def _compare_structs(
    before: Mapping[str, Sequence[Argument]], after: Mapping[str, Sequence[Argument]]
) -> Iterator[Change]:
    for name in before.keys() - after.keys():
        yield Change("broken", name, "it is gone")
    for name in after.keys() - before.keys():
        yield Change("added", name, "it is new")
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        for was, now in zip(old, new, strict=False):
            if was.name != now.name:
                yield Change("broken", f"{name}.{was.name}", "it is gone, or not in its place any more")
                break
            yield from _compare_one(f"{name}.{was.name}", was, now)
        for lost in old[len(new) :]:
            yield Change("broken", f"{name}.{lost.name}", "it is gone")
        for more in new[len(old) :]:
            bare = more.default is None
            yield Change("broken" if bare else "added", f"{name}.{more.name}", "it is new")
