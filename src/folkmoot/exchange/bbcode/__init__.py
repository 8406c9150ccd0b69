"""BBCode as phpBB stores it, to Markdown that says the same."""

from folkmoot.exchange.bbcode.blocks import Context, Ref
from folkmoot.exchange.bbcode.markdown import REFERENCE, REFERENCE_SIGN, Converted, convert, plain_text, with_addresses
from folkmoot.exchange.bbcode.tree import Node, parse

__all__ = [
    "REFERENCE", "REFERENCE_SIGN", "Context", "Converted", "Node", "Ref", "convert", "parse", "plain_text", "with_addresses",
]  # fmt: skip
