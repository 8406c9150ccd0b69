"""The door that granian opens, in each of its workers."""

import multiprocessing
import os

from django.core.wsgi import get_wsgi_application

from folkmoot.site.child import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "folkmoot.site.settings")
if multiprocessing.parent_process() is not None:
    die_with_parent()
application = get_wsgi_application()
