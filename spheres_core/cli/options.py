"""Options that several commands take."""

from __future__ import annotations

import rich_click as click

from spheres_core.cli.output import _

tenant_option = click.option("--tenant", "slug", metavar="TENANT", required=True, help=_("The tenant."))
yes_option = click.option("--yes", "-y", is_flag=True, help=_("Do not ask; for scripts."))
