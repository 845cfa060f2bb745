"""Keeps what each template file was compiled to, for all plugin sets of a process."""

from types import CodeType
from typing import Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Code by template file, so that plugin sets share it and the next one is built sooner.

    It depends on the text of the file and on nothing that differs between sets (`rendering.make_environment`).
    """

    def __init__(self) -> None:
        self._compiled: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hands out the code of a file whose text is still the same."""
        checksum, code = self._compiled.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the code of a file in place of what its text was before."""
        self._compiled[bucket.key] = (bucket.checksum, bucket.code)


COMPILED: Final = CompiledTemplates()
