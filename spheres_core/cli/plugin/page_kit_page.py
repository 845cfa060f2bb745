"""Writes docs/page-kit.md from the page kit's own templates."""

from typing import Final

from spheres_core.foundation.web.page_kit import LAYOUTS, MACROS, VALUES, macros

HEAD: Final = """# The page kit

<!-- Written by `spheres hooks --page-kit` from spheres_core/foundation/web: change it there. -->

A plugin's templates lie in `templates/<id>/` and are shown by `page(ctx, request_scope, "<id>/<name>.html", title=…)`.
They extend a layout, import macros with their context, and use nothing else of the core: a template that names any
other is refused when the plugin is loaded, with its file and line. So is one that fills a block that is not listed: the
way out of a page stays the core's.

```html
{% extends "staff.html" %}
{% import "macros/parts.html" as parts with context %}
{% import "macros/forms.html" as forms with context %}
{% block work %}
{{ parts.page_header(title) }}
{% call forms.form(url("my_plugin_beds")) %}
  {{ forms.number("free", _("Free beds"), value=free) }}
  {{ forms.button(_("Save")) }}
{% endcall %}
{% endblock %}
```

Its handlers stand under `/<language>/x/<plugin>` once `register_pages` returns them:

```python
from litestar import Response, get, post
from spheres_core.plugin import Context, Message, Post, RequestScope, page, redirect, requires


@get("/beds", guards=[requires("my_plugin.update")], name="my_plugin_beds")
async def show_beds(ctx: Context, request_scope: RequestScope) -> Response[bytes]:
    title = Message("Beds", domain="my_plugin")
    return await page(ctx, request_scope, "my_plugin/beds.html", title=title, free=3)


@post("/beds", guards=[requires("my_plugin.update")], status_code=303)
async def save_beds(ctx: Context, request_scope: RequestScope, sent: Post) -> Response[bytes]:
    number = sent.whole("free", most=99)
    if number is None:
        return await page(ctx, request_scope, "my_plugin/beds.html", title="", free="", posted=sent)
    return redirect(ctx, request_scope, "my_plugin_beds")
```

A handler that takes `sent: Post` gets the form as a browser posted it; `sent["free"]` is empty when nothing was sent.
`sent.whole` reads a whole number, or notes in `sent.problems` that it is none; `page(…, posted=sent)` then answers 422,
with what was typed and the problem at its field.
The form carries what proves that it is this site's own; a post of staff without it is refused before the handler is
called. Sentences belong to the plugin's own catalog, and everything printed is escaped.

## Layouts

| layout | block | what it is |
|---|---|---|"""


def page_kit_page() -> str:
    """Returns the page; a test compares the two."""
    lines = [HEAD]
    for name, blocks in LAYOUTS.items():
        lines += [f"| `{name}` | `{block}` | {says} |" for block, says in blocks.items()]
    lines += ["", "## Names that every template has", "", "| name | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {says} |" for name, says in VALUES.items()]
    for name in MACROS:
        lines += ["", f"## `{name}`", "", "| macro | what it prints |", "|---|---|"]
        lines += [f"| `{each.signature}` | {each.says} |" for each in macros(name)]
    return "\n".join([*lines, ""])
