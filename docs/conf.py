"""How `make docs` makes a static site of these pages."""

project = "SPHÈRES"
author = "SPHÈRES software project"
root_doc = "index"
extensions = ["myst_parser"]
exclude_patterns = ["README.md"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

html_theme = "furo"
html_title = "SPHÈRES"
html_show_sphinx = False
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#6b2c5c", "color-brand-content": "#6b2c5c"},
    "dark_css_variables": {"color-brand-primary": "#dcb3d0", "color-brand-content": "#dcb3d0"},
}
