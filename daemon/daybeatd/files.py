"""Files that a person may have written by hand, or led elsewhere by a link: read without ever waiting for them."""

from __future__ import annotations

import errno
import os
import stat


def read(path: str, most: int, *, whosever: bool = False) -> tuple[bytes, os.stat_result]:
    """The first `most` bytes of a regular file, and one more where it is longer; and what the file is.

    Raises FileNotFoundError or NotADirectoryError where there is none. All else that can't be believed raises another
    OSError, whose `strerror` says why: a pipe, a device, a directory, a link to nowhere, and a file of neither this
    user nor root, unless `whosever`.
    """
    try:
        # Links are followed, since people keep settings in repositories of their own; what counts is who owns the file
        # at the end. Without O_NONBLOCK a pipe that nobody writes to would be waited for without end.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except FileNotFoundError:
        if os.path.islink(path):
            raise OSError(errno.ENOLINK, "it is a link to nowhere") from None
        raise
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        if found.st_uid not in (os.geteuid(), 0) and not whosever:
            raise OSError(errno.EPERM, "it belongs to another user")
        return os.read(descriptor, most + 1), found
    finally:
        os.close(descriptor)
