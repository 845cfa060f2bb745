"""`spheres demo`: everything at once, with fictional people."""

from __future__ import annotations

import rich_click as click

from spheres_core.cli.demo_data.people import MANY
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.server import demo as demonstration
from spheres_core.cli.server.port import port_option
from spheres_core.foundation import deployment


@command(
    "demo",
    examples=["spheres demo", "PORT=9000 spheres demo", "spheres demo --sign-ins --json"],
)
@port_option
@click.option(
    "--participants",
    type=click.IntRange(1, MANY),
    default=MANY,
    show_default=True,
    help=_("How many fictional participants each new region gets."),
)
@click.option(
    "--sign-ins", "only_sign_ins", is_flag=True, help=_("Only print how to sign in to the demo; nothing is started.")
)
def demo(output: Output, port: int, participants: int, only_sign_ins: bool) -> None:
    if only_sign_ins:
        demonstration.print_sign_ins(output, deployment.home(), port)
        return
    demonstration.run_demo(output, port=port, participants=participants)
