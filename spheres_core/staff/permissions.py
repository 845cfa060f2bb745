"""Names the permissions of this room."""

from typing import Final

MANAGE: Final = "staff.manage"
OWN_ACCOUNT: Final = "staff.own_account"
