"""Which system calls a worker is refused: the deny-list, and their numbers.

The calls are grouped by what they would let student code do. Numbers are the kernel's, as
its headers list them for the two architectures; None where one has no such call.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from types import MappingProxyType

X86_64, AARCH64 = "x86_64", "aarch64"

NEWEST = 462
"""The last call that this list has judged (mseal). What is newer is refused as unknown;
so are x86-64's calls in the x32 convention, which have a high bit set."""

REFUSED = MappingProxyType(
    {
        # reading and steering other processes
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "process_mrelease": (448, 448),
        "kcmp": (312, 272),
        "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438),
        "pidfd_send_signal": (424, 424),
        "migrate_pages": (256, 238),
        "move_pages": (279, 239),
        "tkill": (200, 130),
        "rt_sigqueueinfo": (129, 138),
        "rt_tgsigqueueinfo": (297, 240),
        # these two reach all processes of a user at once, the grader's where it is no root
        "setpriority": (141, 140),
        "ioprio_set": (251, 30),
        # other programs and processes; new threads are allowed, see CONDITIONS
        "execve": (59, 221),
        "execveat": (322, 281),
        "fork": (57, None),
        "vfork": (58, None),
        # sockets of every family
        "socket": (41, 198),
        "socketpair": (53, 199),
        "bind": (49, 200),
        "listen": (50, 201),
        "accept": (43, 202),
        "accept4": (288, 242),
        "connect": (42, 203),
        # memory that outlives the worker or that its limit does not count
        "mremap": (25, 216),  # makes gigabytes of a page of the stack; realloc copies without it
        "memfd_create": (319, 279),
        "memfd_secret": (447, 447),
        "shmget": (29, 194),
        "shmat": (30, 196),
        "shmctl": (31, 195),
        "semget": (64, 190),
        "semctl": (66, 191),
        "semop": (65, 193),
        "semtimedop": (220, 192),
        "msgget": (68, 186),
        "msgsnd": (69, 189),
        "msgctl": (71, 187),
        "mq_open": (240, 180),
        "mq_unlink": (241, 181),
        "keyctl": (250, 219),
        "add_key": (248, 217),
        "request_key": (249, 218),
        # parts of the kernel with a long history of holes
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "bpf": (321, 280),
        "userfaultfd": (323, 282),
        "perf_event_open": (298, 241),
        "modify_ldt": (154, None),
        # other views of the file system
        "unshare": (272, 97),
        "setns": (308, 268),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "move_mount": (429, 429),
        "open_tree": (428, 428),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
        "inotify_init": (253, None),
        "inotify_init1": (294, 26),
        "fanotify_init": (300, 262),
        "fanotify_mark": (301, 263),
        # whose files are and who may use them, which Landlock leaves to their owner: where the
        # grader is no root, the worker is the same user
        "chmod": (90, None),
        "fchmod": (91, 52),
        "fchmodat": (268, 53),
        "fchmodat2": (452, 452),
        "chown": (92, None),
        "fchown": (93, 55),
        "lchown": (94, None),
        "fchownat": (260, 54),
        "utime": (132, None),
        "utimes": (235, None),
        "futimesat": (261, None),
        "utimensat": (280, 88),
        "setxattr": (188, 5),
        "lsetxattr": (189, 6),
        "fsetxattr": (190, 7),
        "removexattr": (197, 14),
        "lremovexattr": (198, 15),
        "fremovexattr": (199, 16),
        # other users and rights
        "setuid": (105, 146),
        "setgid": (106, 144),
        "setreuid": (113, 145),
        "setregid": (114, 143),
        "setresuid": (117, 147),
        "setresgid": (119, 149),
        "setgroups": (116, 159),
        "setfsuid": (122, 151),
        "setfsgid": (123, 152),
        "capset": (126, 91),
        # the machine
        "acct": (163, 89),
        "swapon": (167, 224),
        "swapoff": (168, 225),
        "reboot": (169, 142),
        "personality": (135, 92),
        "syslog": (103, 116),
        "quotactl": (179, 60),
        "quotactl_fd": (443, 443),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "delete_module": (176, 106),
        "kexec_load": (246, 104),
        "kexec_file_load": (320, 294),
        "iopl": (172, None),
        "ioperm": (173, None),
        "settimeofday": (164, 170),
        "clock_settime": (227, 112),
        "clock_adjtime": (305, 266),
        "adjtimex": (159, 171),
        "sethostname": (170, 161),
        "setdomainname": (171, 162),
        "vhangup": (153, 58),
    }
)

# The C library falls back to the older call when the kernel does not know this one; the
# older one has its flags in a register, where a filter can read them.
UNKNOWN = MappingProxyType({"clone3": (435, 435)})


@dataclass(frozen=True)
class Condition:
    """When a call is refused: by the low 32 bits of its argument number `argument`.

    Refused if `argument & mask` is one of `values`, or with `unless` if it is none of
    them. `own` adds the worker's process id to the values.
    """

    name: str
    numbers: tuple[int, int]
    argument: int
    values: tuple[int, ...] = ()
    mask: int = 0xFFFFFFFF
    unless: bool = False
    own: bool = False


_CLONE_THREAD = 0x10000
_MAP_SHARED_ANONYMOUS, _MAP_GROWS_DOWN = 0x21, 0x100
_MAP_UNCOUNTED = _MAP_SHARED_ANONYMOUS | _MAP_GROWS_DOWN
_PRCTL_OPTIONS = (1, 4, 35, 36, 0x59616D61)  # death signal, dumpable, mm, subreaper, ptracer
# fcntl's F_SETOWN, F_SETSIG, F_SETOWN_EX; F_SETLEASE (whoever opens the file then waits for
# most of a minute), F_NOTIFY
_FILE_CONTROLS = (8, 10, 15, 1024, 1026)
_IOCTL_OWNER = (0x8901, 0x8902, 0x5412, 0x541C)  # FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX

CONDITIONS = (
    Condition("clone", (56, 220), 0, (0,), mask=_CLONE_THREAD),
    # The limit on private memory counts neither shared anonymous memory nor what is said to
    # be a stack (with and without the two bits of the former).
    Condition(
        "mmap",
        (9, 222),
        3,
        (_MAP_SHARED_ANONYMOUS, *(_MAP_GROWS_DOWN | bits for bits in (0x00, 0x01, 0x20, 0x21))),
        mask=_MAP_UNCOUNTED,
    ),
    Condition("kill", (62, 129), 0, unless=True, own=True),
    Condition("tgkill", (234, 131), 0, unless=True, own=True),
    Condition("prctl", (157, 167), 0, _PRCTL_OPTIONS),
    Condition("fcntl", (72, 25), 1, _FILE_CONTROLS),
    Condition("ioctl", (16, 29), 1, _IOCTL_OWNER),
    # Other processes of the same user, where the grader itself is one, have limits and
    # processors to take away.
    Condition("prlimit64", (302, 261), 0, (0,), unless=True, own=True),
    Condition("sched_setaffinity", (203, 122), 0, (0,), unless=True, own=True),
    Condition("sched_setscheduler", (144, 119), 0, (0,), unless=True, own=True),
    Condition("sched_setparam", (142, 118), 0, (0,), unless=True, own=True),
    Condition("sched_setattr", (314, 274), 0, (0,), unless=True, own=True),
    Condition("setpgid", (109, 154), 0, (0,), unless=True, own=True),
)


def number(numbers: tuple[int | None, ...]) -> int | None:
    """The number on this machine's architecture; None if it has no such call.

    Raises OSError for an architecture whose numbers are not listed.
    """
    places = {X86_64: 0, "amd64": 0, AARCH64: 1, "arm64": 1}
    machine = platform.machine().lower()
    if machine not in places:
        message = f"no list of system calls for {machine}"
        raise OSError(message)
    return numbers[places[machine]]
