"""A region whose people follow somebody, as where emergency plans are opened, and that has a vault for identities."""

from tests.spheres_core.participants.conftest import key_file
from tests.spheres_core.safety.conftest import code, region, team, team_of_module

__all__ = ["code", "key_file", "region", "team", "team_of_module"]
