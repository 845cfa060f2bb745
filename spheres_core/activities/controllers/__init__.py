"""JSON routes of activities."""

from spheres_core.activities.controllers import invitations, outings, portrait

HANDLERS = [*outings.HANDLERS, *invitations.HANDLERS, *portrait.HANDLERS]
