"""Re-exports every name of the core that a plugin may import. Nothing else of the core is published.

A plugin writes `from spheres_core.plugin import hookimpl, Context, …`; its tests also use `spheres_core.testing`.
`docs/plugin-api.md` explains each name. The core itself never imports this module.
"""

from spheres_core import hookimpl, registers
from spheres_core.audit.operations import call_outside, later, record
from spheres_core.facts import (
    Act,
    ActivityProposal,
    AgeRange,
    BackgroundJob,
    ContactProposal,
    DueSchedule,
    EncounterFacts,
    GoalFacts,
    GoalSuggestion,
    Message,
    NeedFacts,
    OfferedServiceFacts,
    Opinion,
    OrganizationFacts,
    Panel,
    PanelFact,
    PanelLink,
    ParticipantFacts,
    ParticipationStep,
    PersonRecord,
    PlanFacts,
    Problem,
    ReferralFacts,
    ReferralMove,
    RoutingSuggestion,
    Secret,
    SentReferral,
    ServiceFacts,
    ServiceOpinion,
    ServiceRequestFacts,
    Tenant,
    TogetherFacts,
    Words,
    msg,
    plural,
    sentences,
)
from spheres_core.facts.activities import ActivityFacts
from spheres_core.facts.emergency_plans import EmergencyPlanFacts, PlanPlaceFacts
from spheres_core.facts.meetings import MeetingFacts
from spheres_core.facts.text_messages import TextMessage
from spheres_core.foundation.database.anchors import ORGANIZATION, REFERRAL, TENANT
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped, upsert
from spheres_core.foundation.database.tenant_tables import create_tenant_table, tenant_table
from spheres_core.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from spheres_core.foundation.plugins.bodies import Body
from spheres_core.foundation.plugins.registrations import (
    EVERY_ROLE,
    Command,
    NavigationItem,
    Permission,
    Report,
    ReportColumn,
    Role,
    TrailVerb,
)
from spheres_core.foundation.plugins.schedules import Schedule
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.outside_calls import OutsideAnswer, OutsideCallFailed
from spheres_core.foundation.tenancy.pagination import Page, page_of
from spheres_core.foundation.web.guards import public, requires, signed_in
from spheres_core.foundation.web.posts import Post
from spheres_core.foundation.web.rendering import page, redirect
from spheres_core.foundation.web.request_scope import RequestScope
from spheres_core.notifications.operations.channels import write_outgoing
from spheres_core.partners.queries.partners import organization_facts

__all__ = [  # noqa: RUF022 - grouped by what a plugin does with them
    # Hooks: how a plugin answers the core, and what it registers.
    "hookimpl",
    "registers",
    "Permission",
    "Role",
    "EVERY_ROLE",
    "NavigationItem",
    "TrailVerb",
    "Schedule",
    "Command",
    "Body",
    "Report",
    "ReportColumn",
    # Facts: the frozen structs that hooks receive and return; plugins never see table rows.
    "Act",
    "ActivityFacts",
    "ActivityProposal",
    "AgeRange",
    "BackgroundJob",
    "DueSchedule",
    "ContactProposal",
    "EmergencyPlanFacts",
    "EncounterFacts",
    "GoalFacts",
    "GoalSuggestion",
    "MeetingFacts",
    "NeedFacts",
    "OfferedServiceFacts",
    "Opinion",
    "OrganizationFacts",
    "Panel",
    "PanelFact",
    "PanelLink",
    "ParticipantFacts",
    "ParticipationStep",
    "PersonRecord",
    "PlanFacts",
    "PlanPlaceFacts",
    "Problem",
    "ReferralFacts",
    "ReferralMove",
    "RoutingSuggestion",
    "Secret",
    "SentReferral",
    "ServiceFacts",
    "ServiceOpinion",
    "ServiceRequestFacts",
    "Tenant",
    "TextMessage",
    "TogetherFacts",
    # Texts: what people read is translated when it is shown, never before.
    "Message",
    "Words",
    "msg",
    "plural",
    "sentences",
    # Operations: who acts for which tenant, how to refuse, and the trail of what was read or changed.
    "Context",
    "organization_facts",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Conflict",
    "record",
    "later",
    "call_outside",
    "OutsideAnswer",
    "OutsideCallFailed",
    "write_outgoing",
    # Routes: exactly one guard each; lists in pages; HTML with the core's layout.
    "public",
    "signed_in",
    "requires",
    "Page",
    "page_of",
    "RequestScope",
    "page",
    "redirect",
    "Post",
    # Tables: kept apart by tenant, referring to nothing of the core but its anchors.
    "TENANT",
    "ORGANIZATION",
    "REFERRAL",
    "create_tenant_table",
    "tenant_table",
    "prepare",
    "scoped",
    "upsert",
    "uuid7",
]
