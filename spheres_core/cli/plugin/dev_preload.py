"""Imported once by the process from which `spheres plugin dev` forks a server at each change: all of the core.

Nothing of a plugin may be imported here, no thread started, and nothing random drawn.
"""

from spheres_core import app
from spheres_core.cli.plugin import dev_server as dev_server

app.rooms()
