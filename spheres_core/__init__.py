"""SPHÈRES: what the programme is everywhere. A plugin's first import is `from spheres_core import hookimpl`."""

from pluggy import HookimplMarker

from spheres_core.hook_versions import hookspec

__version__ = "0.1.0"

hookimpl = HookimplMarker("spheres")

__all__ = ["__version__", "hookimpl", "hookspec"]
