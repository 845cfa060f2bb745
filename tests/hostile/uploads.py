"""Files that an administrator, or whoever has her session, might upload: each is refused, and says why."""

import io
import stat
import zipfile
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from spheres_core.foundation.content.pack_archives import LARGEST, LARGEST_WHOLE
from tests.spheres_core.authoring.test_sheets import AREAS, EMERGENCY, PACK, PARTNERS


class HostileUpload(NamedTuple):
    """What is tried, the file, and the beginning of what is said of it."""

    tries: str
    file: Callable[[], bytes]
    said: str


def zipped(files: Mapping[str, str | bytes], *, kind: int = stat.S_IFREG) -> bytes:
    """Returns an archive of these files, of this kind of entry."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()


def region(**more: str | bytes) -> bytes:
    """Returns the smallest region there is, with these sheets beside; `__` stands for the dot of a name."""
    sheets = {"pack.csv": PACK, "partenaires.csv": PARTNERS, "secteurs.csv": AREAS, "urgence.csv": EMERGENCY}
    return zipped(sheets | {name.replace("__", "."): text for name, text in more.items()})


UPLOADS: Final[dict[str, HostileUpload]] = {
    "zip_bomb": HostileUpload(
        "Becomes many times as large when it is opened.",
        lambda: zipped({"a.csv": b"\0" * (LARGEST_WHOLE + 1)}),
        "It would become too large when it is opened.",
    ),
    "lying_zip_bomb": HostileUpload(
        "Does the same, and says that it is small.",
        lambda: zipped({"a.csv": b"\0" * (LARGEST_WHOLE + 1)}).replace(
            (LARGEST_WHOLE + 1).to_bytes(4, "little"), (9).to_bytes(4, "little")
        ),
        "This is not a .zip file, or it is damaged.",
    ),
    "ten_thousand_files": HostileUpload(
        "Holds 10,000 files.", lambda: zipped({f"p{n}.md": "" for n in range(10_000)}), "It holds more than 500 files."
    ),
    "large_upload": HostileUpload(
        "Is larger than an upload may be.", lambda: b"PK\x03\x04" + b"x" * LARGEST, "The file is larger than 1.9 MB."
    ),
    "symbolic_link": HostileUpload(
        "Holds a symbolic link to a file of the machine.",
        lambda: zipped({"theme.toml": "/etc/passwd"}, kind=stat.S_IFLNK),
        "A link is not followed",
    ),
    "absolute_path": HostileUpload(
        "Names a file by an absolute path.", lambda: zipped({"/etc/cron.md": "x"}), "A file's name leads outside"
    ),
    "path_traversal": HostileUpload(
        "Climbs out of its folder.", lambda: zipped({"pages/../../../x.md": "x"}), "A file's name leads outside"
    ),
    "template": HostileUpload(
        "Brings a page template.", lambda: zipped({"templates/site/home.html": "{{ 7 * 7 }}"}), "A pack is data"
    ),
    "python": HostileUpload("Brings Python.", lambda: zipped({"hooks.py": "import os"}), "A pack is data"),
    "archive_within": HostileUpload(
        "Holds another archive.", lambda: zipped({"a.zip": zipped({"b.md": "x"})}), "A pack has no files of this kind."
    ),
    "wrong_encoding": HostileUpload(
        "Is in no encoding that text is in.",
        lambda: region(pages__md=b"\xff\xfe", theme__csv=b"\x80\0\x81"),
        "This is not UTF-8",
    ),
    "unreadable_theme": HostileUpload(
        "Makes words unreadable: pale on pale.",
        lambda: region(theme__csv="what;value\ncolour;#f0e9dd\n"),
        "#f0e9dd on #f3eadc cannot be read",
    ),
    "colour_that_is_css": HostileUpload(
        "Puts a style sheet into a colour.",
        lambda: region(theme__csv='what;value\ncolour;"#fff;} body{display:none"\n'),
        "#fff;} body{display:none is not a colour",
    ),
    "logo_with_script": HostileUpload(
        "Puts a script into its logo.",
        lambda: region(
            theme__csv="what;value\nlogo;logo.svg\n",
            logo__svg='<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        ),
        "An SVG logo has no “<script>”.",
    ),
    "mail_that_tells": HostileUpload(
        "Makes an e-mail say whom it is about.",
        lambda: region(emails__csv="message;part;text (fr);text (en)\ninvitation;subject;Une référence;News\n"),
        "“referenc” would tell a bystander",
    ),
    "second_administrator": HostileUpload(
        "Makes a role that manages staff.",
        lambda: region(
            staff_roles__csv="code;title (fr);title (en);purpose (fr);purpose (en);permissions\n"
            "helper;Aide;Helper;Aider.;To help.;staff.manage\n"
        ),
        "staff.manage is an administrator's only",
    ),
    "menu_to_elsewhere": HostileUpload(
        "Leads from the menu to another site.",
        lambda: region(menu__csv="page\nhttps://example.org\n"),
        "There is no page called https://example.org.",
    ),
}
