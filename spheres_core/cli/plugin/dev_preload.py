"""Imported once by the process from which `spheres plugin dev` forks a server and a check at each change.

It has all of the core, with its routes. Nothing of a plugin may be imported here, no thread started, and nothing random
drawn.
"""

from spheres_core.app import assembly
from spheres_core.cli.plugin import check as check
from spheres_core.cli.plugin import dev_server as dev_server

assembly.prepare_core()
