"""Nobody is locked out, in a browser: a colleague's access recovered, and a form that outlives its session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts, sessions
from tests.journeys.conftest import PASSWORD, Site, who_signs_in

MOST_CLICKS = 3
CHOSEN = "une lampe au bord du lac"


def hire(site: Site, email: str, name: str) -> None:
    async def hiring(ctx: Context) -> None:
        await accounts.create_account(ctx, email, name=name, roles=["coordinator"], password=PASSWORD)

    site.behind(lambda: site.world.act("montreal", hiring))


def make_link(site: Site, page: Page, name: str) -> tuple[str, int]:
    """The link that an administrator makes from where she lands, and the clicks that it takes."""
    site.sign_in(page, "montreal", "administrator")
    page.goto(site.url("montreal", "fr", "account"))
    clicks = [
        page.get_by_role("link", name="Administration").first,
        page.get_by_role("link", name=name),
        page.get_by_role("button", name="Créer un lien à remettre"),
    ]
    for each in clicks:
        each.click()
    return page.locator("main code").inner_text(), len(clicks)


def test_a_colleague_gets_her_access_back_in_three_clicks_and_chooses_her_password(
    site: Site, page: Page, browser: Browser, browser_context_args: dict[str, object]
) -> None:
    hire(site, "agathe@example.org", "Agathe Recouvrée")
    link, clicks = make_link(site, page, "Agathe Recouvrée")
    print(f"clicks: recover a colleague's access {clicks}")
    assert clicks <= MOST_CLICKS
    path = link.partition("/recovery")[2]
    hers = browser.new_context(**browser_context_args).new_page()  # type: ignore[arg-type]
    hers.goto(site.url("montreal", "fr", "recovery") + path)
    hers.locator("#password").fill(CHOSEN)
    assert path.removeprefix("#") not in hers.url, "the secret stays in no address"
    hers.locator("#again").fill(CHOSEN)
    hers.get_by_role("button", name="Le changer et se connecter").click()
    expect(hers.locator(".me")).to_contain_text("Agathe Recouvrée")
    names = {each["name"] for each in hers.context.cookies()}
    assert any("_known_" in name for name in names)
    hers.context.close()


def test_without_javascript_the_link_is_pasted(site: Site, page: Page, plain: Page) -> None:
    hire(site, "blanche@example.org", "Blanche Sansscript")
    link, _ = make_link(site, page, "Blanche Sansscript")
    plain.goto(site.url("montreal", "fr", "recovery"))
    plain.locator("#secret").fill(link)
    plain.get_by_role("button", name="Continuer").click()
    expect(plain.locator("main")).to_contain_text("Blanche Sansscript")


@pytest.mark.parametrize("script", [True, False])
def test_words_typed_into_a_form_outlive_the_session(site: Site, page: Page, plain: Page, *, script: bool) -> None:
    here = page if script else plain
    site.sign_in_on_the_page(here, "montreal", "fr", "administrator")
    here.goto(site.url("montreal", "fr", "administration/staff/invite"))
    name = f"Zoé « l’autre » {script}"
    here.locator("#name").fill(name)
    here.locator("#email").fill(f"zoe-{script}@example.org")
    here.locator("input[name=roles][value=liaison]").check()
    site.behind(lambda: site.world.act("montreal", _end_sessions))
    here.locator("main form button").click()
    expect(here.locator("#password")).to_be_visible()
    assert "Zoé" not in here.content()
    here.locator("#email").fill("administrator@example.org")
    here.locator("#password").fill(PASSWORD)
    here.locator("main form button").click()
    expect(here.locator("main")).to_contain_text(name)
    here.get_by_role("button", name="L’envoyer maintenant").click()
    expect(here.locator("main code")).to_contain_text("/invitation")


async def _end_sessions(ctx: Context) -> None:
    await sessions.end_all_sessions(ctx, await who_signs_in(ctx, "administrator"))
