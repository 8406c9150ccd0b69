"""The running version's own source, as the AGPL asks (section 13): made from the files that run, without a network."""

import zipfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

import folkmoot

PACKAGE = Path(folkmoot.__file__).resolve().parent
_BESIDE = ("pyproject.toml", "uv.lock", "LICENSE", "README.md", "CHANGELOG.md", "Makefile", "bootstrap.sh")
"""What a checkout has beside the package; an installed one has its papers in its metadata."""


def files() -> dict[str, Path]:
    """Name in the archive to file, in order."""
    root = PACKAGE.parent.parent
    found = {f"src/folkmoot/{path.relative_to(PACKAGE)}": path for path in PACKAGE.rglob("*") if path.is_file()}
    found = {name: path for name, path in found.items() if "__pycache__" not in name}
    if (root / "src").resolve() == PACKAGE.parent:
        found |= {name: root / name for name in _BESIDE if (root / name).is_file()}
    else:
        for papers in PACKAGE.parent.glob("folkmoot-*.dist-info"):
            found |= {
                f"papers/{path.relative_to(papers)}": path
                for path in papers.rglob("*")
                if path.is_file() and (path.name == "METADATA" or "licenses" in path.parts)
            }
    return dict(sorted(found.items()))


@lru_cache(maxsize=1)
def archive() -> Path:
    """The archive of what runs now, made once and kept in the data folder; the same files give the same bytes."""
    contents = {name: path.read_bytes() for name, path in files().items()}
    digest = sha256(b"".join(name.encode() + b"\0" + sha256(body).digest() for name, body in contents.items())).hexdigest()
    path: Path = settings.DATA / "source" / f"folkmoot-{digest[:16]}.zip"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, body in contents.items():
                entry = zipfile.ZipInfo(f"folkmoot/{name}", date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                packed.writestr(entry, body)
        part.replace(path)
        for old in path.parent.glob("folkmoot-*.zip"):
            if old != path:
                old.unlink(missing_ok=True)
    return path
