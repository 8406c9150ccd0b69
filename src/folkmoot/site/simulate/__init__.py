"""`folkmoot simulate`: a year of juries in a community that does not exist, by the real actions, in a folder of its own."""

from folkmoot.site.simulate.people import People, Plan
from folkmoot.site.simulate.sums import lines
from folkmoot.site.simulate.year import Year

__all__ = ["People", "Plan", "Year", "lines"]
