"""Thin doors: form to action, or query to page."""
