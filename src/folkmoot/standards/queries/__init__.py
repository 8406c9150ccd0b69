"""What is read of the standards."""

from folkmoot.standards.queries.drafts import draft, draft_page, drafts_page, new_draft, opened, receipts
from folkmoot.standards.queries.editions import (
    charter,
    charter_now,
    charter_page,
    edition_at,
    founded_at,
    newest_edition,
    rulebook,
    standards_page,
    wordings,
)
from folkmoot.standards.queries.elections import candidates, election, election_page, elections
from folkmoot.standards.queries.franchise import (
    eligible,
    facts_of,
    may_second,
    may_second_drafts,
    regulars,
    why_not_on_roll,
)

__all__ = [
    "candidates", "charter", "charter_now", "charter_page", "draft", "draft_page", "drafts_page", "edition_at", "election",
    "election_page", "elections", "eligible", "facts_of", "founded_at", "may_second", "may_second_drafts", "new_draft",
    "newest_edition", "opened", "receipts", "regulars", "rulebook", "standards_page", "why_not_on_roll", "wordings",
]  # fmt: skip
