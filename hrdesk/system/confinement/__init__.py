"""What keeps a child process small, alone and short-lived: one interface, by the means of each system.

| | Linux | macOS | Windows |
|---|---|---|---|
| memory | the kernel refuses more | looked at four times a second, then killed | the kernel refuses more |
| processor time | kernel | kernel | kernel |
| open files, written files, core dumps | kernel | kernel | not limited |
| no network | namespace, else Landlock (TCP only) | sandbox profile | not enforced |
| what the child started ends with it | process group | process group | job |
| ends when hrdesk is killed | the child looks | the child looks | job |

Wall clock, frame caps and the checks of answers are the same everywhere; see `system.workers`. What stands
under macOS and Windows is written from their documentation and tested at the border with their libraries
only: it has not been run there.

`confine` is called in the child before anything untrusted is touched, `hold` in the parent as soon as the
child has been started, with the options `START`.
"""

import sys

from hrdesk.system.confinement.limits import Hold, Limits

if sys.platform == "win32":
    from hrdesk.system.confinement.windows import START, confine, hold
elif sys.platform == "darwin":
    from hrdesk.system.confinement.macos import START, confine, hold
else:
    from hrdesk.system.confinement.linux import START, confine, hold

__all__ = ["START", "Hold", "Limits", "confine", "hold"]
