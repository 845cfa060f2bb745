"""All but one thing stands in pyproject.toml: catalogs lie beside the package here, and inside it in a wheel."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithCatalogs(build_py):
    """Copies `locales/` into the package, where `localization.core_catalog_folder` looks first."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            inside = Path(self.build_lib, "spheres_core", "locales")
            shutil.copytree("locales", inside, dirs_exist_ok=True)


setup(cmdclass={"build_py": WithCatalogs})
