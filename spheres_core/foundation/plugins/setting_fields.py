"""The fields of a plugin's settings, as a page asks for them: made from the struct's types, limits and titles."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Struct, inspect

from spheres_core.facts import Message, Secret, msg

FieldKind = Literal["yes_no", "whole", "number", "text", "choice", "list", "secret", "other"]


class SettingField(Struct, frozen=True):
    """One setting. `other` is a kind that a page cannot ask for: it is set in the region's file."""

    name: str
    kind: FieldKind
    title: Message
    hint: Message | None
    default: Any
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@runtime_checkable
class HasConflicts(Protocol):
    """Settings that may each be good and still not go together."""

    def conflicts(self) -> Iterable[tuple[str, Message]]:
        """Yields the setting that does not go with another one, and why."""
        ...


class SettingInvalid(ValueError):
    """A value that this setting cannot have; `message` says what it can."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.msgid)


def setting_fields(kind: type[Struct], owner: str) -> Iterator[SettingField]:
    """Yields a plugin's settings in the order of its struct. `owner`: the catalog that translates their titles."""
    usual = kind()
    for each in msgspec.structs.fields(kind):
        info = inspect.type_info(each.type)
        said: dict[str, Any] = {}
        while isinstance(info, inspect.Metadata):
            said = {**(info.extra_json_schema or {}), **said}
            info = info.type
        title = said.get("title") or each.name.replace("_", " ").capitalize()
        hint = Message(said["description"], domain=owner) if said.get("description") else None
        yield SettingField(
            each.name, _kind(info), Message(title, domain=owner), hint, getattr(usual, each.name),
            choices=tuple(map(str, info.values)) if isinstance(info, inspect.LiteralType) else (),
            least=_limit(info, "ge", "gt"), most=_limit(info, "le", "lt"),
        )  # fmt: skip


def _kind(info: inspect.Type) -> FieldKind:
    if isinstance(info, inspect.StructType) and info.cls is Secret:
        return "secret"
    if isinstance(info, inspect.VarTupleType | inspect.ListType) and isinstance(info.item_type, inspect.StrType):
        return "list"
    if isinstance(info, inspect.LiteralType) and all(isinstance(value, str) for value in info.values):
        return "choice"
    found: dict[type[inspect.Type], FieldKind] = {
        inspect.BoolType: "yes_no", inspect.IntType: "whole", inspect.FloatType: "number", inspect.StrType: "text",
    }  # fmt: skip
    return found.get(type(info), "other")


def _limit(info: inspect.Type, *names: str) -> float | None:
    return next((value for name in names if (value := getattr(info, name, None)) is not None), None)


def read_value(field: SettingField, kind: type[Struct], sent: Sequence[str]) -> Any:
    """Returns what was typed as a value of this setting. Raises `SettingInvalid`."""
    text = sent[0].strip() if sent else ""
    value: Any = text
    if field.kind == "yes_no":
        value = text == "yes"
    elif field.kind == "list":
        value = [line.strip() for line in text.splitlines() if line.strip()]
    elif field.kind in ("whole", "number"):
        try:
            value = int(text) if field.kind == "whole" else float(text.replace(",", "."))
        except ValueError:
            raise SettingInvalid(_wanted(field)) from None
    try:
        msgspec.convert({field.name: value}, kind)
    except msgspec.ValidationError:
        raise SettingInvalid(_wanted(field)) from None
    return value


def _wanted(field: SettingField) -> Message:
    if field.kind in ("whole", "number"):
        if field.least is not None and field.most is not None:
            return msg("Please give a number from {least} to {most}.", least=field.least, most=field.most)
        if field.least is not None:
            return msg("Please give a number of at least {least}.", least=field.least)
        if field.most is not None:
            return msg("Please give a number of at most {most}.", most=field.most)
        return msg("Please give a number.")
    return msg("This cannot stand here.")
