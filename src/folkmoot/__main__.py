"""`python -m folkmoot` is `folkmoot`."""

from folkmoot.site.cli import main

main()
