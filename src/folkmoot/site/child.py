"""A process of the supervisor's that does not outlive its parent, not even after `kill -9`."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(number: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send this signal when the parent is gone (Linux only; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number))


if __name__ == "__main__":
    # python -m folkmoot.site.child PARENT PROGRAM ARGUMENT…: SIGTERM, so that granian ends its own workers.
    die_with_parent(signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(1)  # the parent was gone before the kernel was told
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606
