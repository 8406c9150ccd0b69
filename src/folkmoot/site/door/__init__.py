"""The front door: a visitor's page is sent as stored bytes, before Django, while no commit has touched what it shows.

docs/front-door.md says what is stored and what is promised; docs/decisions/front-door.md says why it is made like this.
"""

from folkmoot.site.door.answer import Answer
from folkmoot.site.door.door import Door
from folkmoot.site.door.entrance import Entrance
from folkmoot.site.door.log import Log, open_log
from folkmoot.site.door.store import Page, Store

__all__ = ["Answer", "Door", "Entrance", "Log", "Page", "Store", "open_log"]
