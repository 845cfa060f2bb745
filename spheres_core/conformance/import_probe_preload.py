"""Imported by the process from which import probes are forked: all of the core, and nothing of a plugin.

What the core takes to import is not the plugin's, and a plugin that replaces one of its names is found out by them.
"""

from spheres_core import app
from spheres_core import plugin as plugin
from spheres_core.app import assembly as assembly
from spheres_core.foundation.plugins.discovery import Machine

app.rooms()
app.components(Machine({}, {}))
