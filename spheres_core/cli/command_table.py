"""Every command: its help text and the function that runs it, so that help is shown without importing one."""

from __future__ import annotations

from typing import Final, NamedTuple

from spheres_core.cli.output import _


class Entry(NamedTuple):
    """One command, or a group of commands."""

    help: str
    """English; translated when it is shown."""
    target: str = ""
    """`module:function` below `spheres_core.cli`; empty for a group."""


COMMANDS: Final[dict[str, Entry]] = {
    "demo": Entry(
        _("Start everything here with three regions, fictional referrals and participants. Ctrl-C stops it again."),
        "server.demo_command:demo",
    ),
    "serve": Entry(
        _("Answer requests, with one or more processes. The database must be up to date."), "server.commands:serve"
    ),
    "worker": Entry(
        _("Deliver messages and hooks that are waiting, until stopped. Run one or more beside `serve`."),
        "server.worker_command:worker",
    ),
    "stop": Entry(
        _("Stop what runs over this SPHERES_HOME: demo, serve, worker and the embedded database."),
        "server.commands:stop",
    ),
    "migrate": Entry(
        _("Bring the database to the version of the code: the core, the job queue and each plugin."),
        "server.commands:migrate_command",
    ),
    "key": Entry(_("Key files: the keys under which everything is sealed.")),
    "key rotate": Entry(
        _("Put another key into a key file, and wrap every tenant's key with it. Goes on where it was stopped."),
        "server.keys:rotate",
    ),
    "x": Entry(
        _("Commands that plugins bring: their list, or one of them for one tenant."), "plugin.own_commands:run_command"
    ),
    "tenant": Entry(_("Regions: bring one in from its file, compare, look at it, write it out.")),
    "tenant new": Entry(
        _(
            "Make a region's file, tenants/SLUG.toml, valid at once and with what each line means. Asks what"
            " is missing."
        ),
        "tenant.new:new",
    ),
    "tenant apply": Entry(
        _("Merge tenants' files into the database. Shows the difference and asks; never deletes anything."),
        "tenant.commands:apply",
    ),
    "tenant check": Entry(_("Do everything that `tenant apply` does, but write nothing."), "tenant.commands:check"),
    "tenant list": Entry(_("Every tenant in the database."), "tenant.look:list_tenants"),
    "tenant show": Entry(
        _("One tenant: its languages, its plugins and their state, its settings."), "tenant.look:show"
    ),
    "tenant export": Entry(_("Write a tenant out as the file that would make it."), "tenant.commands:export"),
    "tenant ready": Entry(
        _("Facts about opening a region: what is covered by whom, what is missing, where it differs."),
        "tenant.ready:ready",
    ),
    "tenant plugin": Entry(
        _("The plugins of a tenant: look at what one would do, switch it on or off, copy what it holds, purge it.")
    ),
    "tenant plugin preview": Entry(
        _("What switching a plugin would do, and what stands against it. Touches nothing."),
        "tenant.plugin_commands:preview",
    ),
    "tenant plugin on": Entry(
        _("Switch a plugin on for a tenant, in all processes and without a restart."), "tenant.plugin_commands:on"
    ),
    "tenant plugin off": Entry(
        _("Switch a plugin off for a tenant. What it keeps stays, and is there when it is on again."),
        "tenant.plugin_commands:off",
    ),
    "tenant plugin export": Entry(
        _("A copy of what a plugin holds of a tenant, on or off: a zip of data, sheets and checksums."),
        "tenant.plugin_commands:export",
    ),
    "tenant plugin purge": Entry(
        _("Write out what a plugin that is off keeps of a tenant, erase it, and prove it by counts."),
        "tenant.plugin_commands:purge",
    ),
    "plugin": Entry(_("Plugins on this machine, as their manifests describe them. None is imported.")),
    "plugin list": Entry(
        _("Every plugin that is found, and those whose plugin.toml cannot be read."), "plugin.commands:list_plugins"
    ),
    "plugin show": Entry(
        _("All that a plugin says of itself: what it brings, what it touches, what stops when it fails."),
        "plugin.commands:show",
    ),
    "plugin incidents": Entry(
        _("What went wrong in a tenant's plugins: which part, at which line, how often. No words."),
        "plugin.incidents:incidents",
    ),
    "plugin uninstall": Entry(
        _("Take a plugin's tables off this installation, when no region has it on."), "plugin.incidents:uninstall"
    ),
    "plugin downgrade": Entry(
        _("Take a plugin's tables back to those of an earlier version, with an archive of what it kept."),
        "plugin.downgrade:downgrade",
    ),
    "plugin key": Entry(
        _("Make a key to sign plugins with: a file that only you read, and the public key to give to operators."),
        "plugin.build:key",
    ),
    "plugin index": Entry(
        _("Make a page of a folder of plugins: what each is for, in which languages, what it reads, sends and needs."),
        "plugin.index:index",
    ),
    "plugin new": Entry(
        _("Make a living plugin in an empty folder: a pack (data only) or one with code. Asks what is not given."),
        "plugin.new:new",
    ),
    "plugin diff": Entry(
        _("What changes from one version of a plugin to another: its facts, forms, partners, words, pages, code."),
        "plugin.diff:diff",
    ),
    "plugin dev": Entry(
        _("Try a plugin while you write it: two regions, one with it and one without; each change is seen at once."),
        "plugin.dev:dev",
    ),
    "plugin check": Entry(
        _(
            "Judge a plugin by the rules of Bronze, Silver and Gold, on a database of its own. Exit code 1"
            " below Bronze."
        ),
        "plugin.check:check",
    ),
    "plugin sheets": Entry(
        _("Write a pack as spreadsheets, from which `plugin new --from-folder` makes it again; or empty ones to fill."),
        "plugin.sheets:sheets",
    ),
    "plugin build": Entry(
        _("Build the wheel of each plugin named: a file that pip installs, found by its entry point."),
        "plugin.build:build",
    ),
    "hooks": Entry(
        _("The manual of every hook, in the order in which a referral meets them."), "plugin.hook_manual:hooks"
    ),
    "participant": Entry(_("The data of somebody who takes part: hand over all that is kept, or erase it.")),
    "participant export": Entry(
        _("Write out what the core and every plugin keep about somebody who takes part. Run again to go on."),
        "records.participants:export",
    ),
    "participant erase": Entry(
        _("Erase what the core and every plugin keep about somebody who takes part. Run again to go on."),
        "records.participants:erase",
    ),
    "referral": Entry(_("A person's data: hand over all that is kept of one referral, or erase it.")),
    "referral export": Entry(
        _("Write out what the core and every plugin keep about the person. Run again to go on."),
        "records.referrals:export",
    ),
    "referral erase": Entry(
        _("Erase what the core and every plugin keep about the person. Run again to go on."), "records.referrals:erase"
    ),
    "referral sheet": Entry(
        _("Write the answers of many referrals as a spreadsheet or a csv file that only its owner reads."),
        "records.referrals:sheet",
    ),
    "report": Entry(_("Reports that plugins of a tenant bring: their list, and one of them over a period.")),
    "report list": Entry(_("List the reports of a tenant's plugins."), "records.reports:list_reports"),
    "report run": Entry(
        _("Print a report, or write it to a file. Small groups of persons are hidden, as on its page."),
        "records.reports:run_report",
    ),
    "partner": Entry(_("The partner directory: take in what other directories say, and write it out (HSDS 3).")),
    "partner import": Entry(
        _("Merge an HSDS file (JSON) into a tenant's directory. Nothing is deleted or overwritten."),
        "records.partners:import_",
    ),
    "partner export": Entry(
        _("Write a tenant's directory to a file (HSDS 3, JSON). Another tenant that imports it has the same."),
        "records.partners:export",
    ),
    "form": Entry(_("Forms: check an XLSForm file, show what is asked, print answers that are valid today.")),
    "form check": Entry(
        _("Check an XLSForm file (xlsx, csv or md). Needs neither tenant nor database."), "records.forms:check"
    ),
    "form show": Entry(_("What a form asks: its questions, rules and languages."), "records.forms:show"),
    "form export": Entry(
        _("Write a form as a file for another tool, and say what that format cannot say."), "records.forms:export"
    ),
    "form example": Entry(_("Answers that are valid today, as JSON: to try the API with."), "records.forms:example"),
    "form try": Entry(
        _("The value of a rule, or of a table of rules with the values that others expect."),
        "records.form_try:try_rule",
    ),
    "locale": Entry(_("Languages: how much of the core and of each plugin is translated.")),
    "locale status": Entry(
        _("How complete each language is, against the texts that stand in the code."), "locale.commands:status"
    ),
    "locale update": Entry(
        _("Bring the core's catalogs in step with the code. For who changes the core: `make messages`."),
        "locale.commands:update",
    ),
    "locale extract": Entry(
        _("Collect a plugin's texts from its code and bring its catalogs in step with them; without one, the core's."),
        "locale.translations:extract",
    ),
    "locale sheet": Entry(_("Catalogs as spreadsheets, for those who translate without tools.")),
    "locale sheet export": Entry(
        _("Write a catalog as a spreadsheet: what is said where, what it says today, and a column to translate in."),
        "locale.translations:export_sheet",
    ),
    "locale sheet import": Entry(
        _("Take a sheet back. Everything wrong is said with its sheet, row and column, and then nothing is written."),
        "locale.translations:import_sheet",
    ),
    "locale pseudo": Entry(
        _(
            "Write a plugin with a language that nobody speaks: each text in brackets, accented and longer."
            " It shows a trial tenant what cannot be translated and what has no room."
        ),
        "locale.translations:write_pseudo",
    ),
    "locale lint": Entry(
        _(
            "Proofread texts: passages in another language than they say, lost apostrophes, placeholders"
            " that differ from their source, letters read in the wrong encoding. Files or folders; ends with"
            " 1 when there is something."
        ),
        "locale.lint:lint",
    ),
    "token": Entry(_("Tokens: how other systems enter a tenant's API.")),
    "token create": Entry(_("Make a token. It is printed once and kept nowhere."), "staff.tokens:create_token"),
    "token list": Entry(
        _("List a tenant's tokens: what each is for, who answers for it, until when, when it was last used."),
        "staff.tokens:list_tokens",
    ),
    "token revoke": Entry(_("Take a token back, from the next request on."), "staff.tokens:revoke_token"),
    "staff": Entry(_("Accounts of people who work with a tenant.")),
    "staff create": Entry(
        _("Take somebody onto a tenant's staff. Asks for a password, or makes one and prints it once."),
        "staff.accounts:create_staff",
    ),
    "staff invite": Entry(
        _("Invite somebody onto a tenant's staff: by mail when it is set up, else the link is printed once."),
        "staff.members:invite",
    ),
    "staff invitations": Entry(
        _("List the invitations of a tenant: open, accepted, revoked and those whose time is over."),
        "staff.members:list_invitations",
    ),
    "staff resend": Entry(
        _("Send an open invitation again; the link that was given before opens nothing any more."),
        "staff.members:resend",
    ),
    "staff revoke": Entry(_("Take an open invitation back."), "staff.members:revoke"),
    "staff list": Entry(_("List who works with a tenant, and with which roles."), "staff.members:list_staff"),
    "staff roles": Entry(
        _("Give somebody these roles and no others, from the next request on."), "staff.members:change_roles"
    ),
    "staff off": Entry(
        _("Close somebody's account at once: sessions, tokens and open invitations end."), "staff.members:switch_off"
    ),
    "staff recover": Entry(
        _(
            "Let somebody who cannot sign in any more choose a new password: by mail when it is set up, else the link"
            " is printed once. The account is signed out everywhere."
        ),
        "staff.members:recover",
    ),
    "staff on": Entry(_("Open a closed account again; what ended with it stays ended."), "staff.members:switch_on"),
    "delivery": Entry(_("Messages and calls of plugins that failed and were given up on.")),
    "delivery list": Entry(
        _("List what was given up on: what happened, who should be told, the kind of error. No words of a case."),
        "records.deliveries:list_deliveries",
    ),
    "delivery retry": Entry(
        _("Try it again, with all its tries: one by its entry and recipient, or all."), "records.deliveries:retry"
    ),
    "term": Entry(_("Words of the program that a region may call otherwise, language by language.")),
    "term list": Entry(
        _("List the marked words in one language: what they are called here, and where they show."),
        "tenant.terms:list_terms",
    ),
    "term rename": Entry(
        _("Call a word otherwise, spoken within two seconds. Warns of what reads the same; --dry-run writes nothing."),
        "tenant.terms:rename",
    ),
    "term restore": Entry(
        _("Call a word again what the program, or the region's pack, calls it."), "tenant.terms:restore"
    ),
    "check": Entry(
        _("Check every tenant's file, every plugin and every catalog that is here. Needs no database."),
        "server.checks:check",
    ),
    "doctor": Entry(
        _("Look at the server, the roles, the key file, row-level security and what is waiting."),
        "server.checks:doctor",
    ),
}
"""By the words that are typed after `spheres`. A group stands before its commands."""
