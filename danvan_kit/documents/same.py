"""Same document, same bytes: an archive without the clock, the computer and the order of a hash."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from danvan_kit.errors import DanvanError

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The day that stands for none in a ZIP archive."""


class DocumentError(DanvanError):
    """A document that cannot be written, or a choice that it does not have."""


def steady(content: bytes) -> bytes:
    """Return an Office file with the same parts and no trace of when and where they were packed.

    Parameters
    ----------
    content
        A ``.docx`` or ``.xlsx`` file.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 3  # else it tells whether a Windows computer wrote it
            part.external_attr = 0o600 << 16
            new.writestr(part, old.read(name))
    return out.getvalue()


def write(content: bytes, path: Path) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    DocumentError
        If nothing can be written there.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        os.replace(draft, path)  # noqa: PTH105 - documented as atomic
    except OSError as err:
        draft.unlink(missing_ok=True)
        raise DocumentError(
            f"{path}: không ghi được ({err.strerror}); hãy đóng tệp nếu đang mở, hoặc chọn nơi khác",
            f"{path}: cannot be written ({err.strerror}); close the file if it is open, or choose another place",
        ) from err
