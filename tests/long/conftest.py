"""What the long tests share."""

from collections.abc import Iterator

import pytest
from tests.long_site import Hard


@pytest.fixture
def hard(tmp_path) -> Iterator[Hard]:
    site = Hard(tmp_path / "data", WORKERS="2").found()
    yield site
    site.gus.__exit__()
    site.stop()
