"""Settings of a tenant about participants."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct


class Settings(Struct, frozen=True):
    """`[settings.participants]` of a tenant's file."""

    safe_contact_days: Annotated[int, Meta(ge=1, le=366)] = 90
    """Days for which it counts that she confirmed a channel to be safe; afterwards nothing goes out by it."""
    draft_days: Annotated[int, Meta(ge=1, le=90)] = 14
    """Days for which words that were not sent are kept for their writer, after she last typed."""
    prepare_14_months: Annotated[int, Meta(ge=1, le=24)] = 6
    """Months before her 14th birthday at which it is prepared that she consents herself."""
    prepare_18_months: Annotated[int, Meta(ge=1, le=24)] = 12
    """Months before her 18th birthday at which the passage is prepared."""
    prepare_25_months: Annotated[int, Meta(ge=1, le=24)] = 12
    """Months before her 25th birthday at which the time after the program is prepared."""

    def months_ahead(self) -> Mapping[int, int]:
        """Returns, by age, how many months before the birthday it is prepared."""
        return {14: self.prepare_14_months, 18: self.prepare_18_months, 25: self.prepare_25_months}
