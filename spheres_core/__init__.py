"""SPHÈRES: the core, what the program is in every region. Plugins import `spheres_core.plugin`."""

from pluggy import HookimplMarker

from spheres_core.hook_versions import hookspec

__version__ = "0.1.0"

hookimpl = HookimplMarker("spheres")

__all__ = ["__version__", "hookimpl", "hookspec"]
