"""The secret of a link, as the page that the link opens sends it on."""

from spheres_core.foundation.web.posts import Post


def link_secret(sent: Post) -> str:
    """Returns the secret, also of a whole address that was pasted."""
    return sent["secret"].strip().rpartition("#")[2]
