"""What is decided here without a database or a clock."""

from folkmoot.standards.rules.charter import CHARTER, Charter, Number, Size
from folkmoot.standards.rules.franchise import Asked, Facts, asked, may_serve

__all__ = ["CHARTER", "Asked", "Charter", "Facts", "Number", "Size", "asked", "may_serve"]
