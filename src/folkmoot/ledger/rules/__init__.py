"""What is decided here without a database, a disk or a clock."""

from folkmoot.ledger.rules import entries, merkle, notes

__all__ = ["entries", "merkle", "notes"]
