"""What is decided here without a database or a clock."""

from folkmoot.standards.rules.charter import CHARTER, Charter, Number, Size

__all__ = ["CHARTER", "Charter", "Number", "Size"]
