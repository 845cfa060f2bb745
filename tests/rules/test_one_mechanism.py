"""Each mechanism exists once: whoever needs it calls the module that owns it. A second one shows up here by itself."""

import re
from pathlib import Path
from typing import Final

import pytest

import spheres_core

CORE: Final = Path(spheres_core.__file__).parent

OWNERS: Final = {
    "savepoint": (r"\bSAVEPOINT\b", {"foundation/database/transactions.py"}),
    "advisory lock": (
        r"pg_(try_)?advisory_",
        {"foundation/database/transactions.py", "foundation/database/owner_connection.py"},
    ),
    "deadline of foreign code": (r"\bthread\.join\(|asyncio\.wait\(\{task\}", {"foundation/isolation/deadlines.py"}),
    "fault location": (r"\btb_frame\b", {"foundation/isolation/fault_location.py"}),
    "circuit breaker": (r"\bclass CircuitBreaker|_until\b.*: dict\[", {"foundation/isolation/circuit_breakers.py"}),
    "look at other threads' frames": (r"\b_current_frames\(", {"foundation/isolation/fault_location.py"}),
    "variables read out of frames": (r"\bf_locals\b", set()),
}
"""By mechanism: how its code reads, and the modules that may hold it (advisory locks: of transactions, of sessions)."""


def modules_that_read(pattern: str) -> set[str]:
    return {
        path.relative_to(CORE).as_posix()
        for path in CORE.rglob("*.py")
        if "migrations" not in path.relative_to(CORE).parts[:1] and re.search(pattern, path.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize("mechanism", OWNERS)
def test_a_mechanism_is_written_in_the_module_that_owns_it_and_nowhere_else(mechanism: str) -> None:
    pattern, owners = OWNERS[mechanism]
    assert modules_that_read(pattern) == owners
