"""The option that says on which port to listen."""

from __future__ import annotations

import rich_click as click

from spheres_core.cli.output import _
from spheres_core.foundation import deployment

port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=deployment.port,
    show_default="PORT, 8000",
    help=_("The port to listen on."),
)
