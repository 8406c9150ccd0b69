"""The rules of the house, each a test that says what to do instead. See docs/words.md and docs/decisions/."""
