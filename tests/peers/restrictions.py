"""Becomes another program under what a unit allows, without systemd: `… UNIT WRITABLE .. -- COMMAND ..`.

Read from the unit and put in force with the same means of the kernel that systemd uses: a mount namespace in which all
but the named folders is read-only, /proc with the process's own entries alone, no capability and none to be gained, a
filter of system calls and of address families, no memory that is writable and executable, umask and descriptors.
Needs root and libseccomp, which systemd brings along.

Left out: what would hide Python itself or the checkout (ProtectHome, PrivateTmp, another user), and what only a service
manager can give (PrivateUsers, cgroups).
"""

import configparser
import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_NEW_MOUNTS: Final = 0x00020000
_PR_CAPBSET_DROP: Final = 24
_PR_SET_NO_NEW_PRIVS: Final = 38
_LAST_CAPABILITY: Final = 40
_ALLOW: Final = 0x7FFF0000
_EPERM: Final = 0x00050001
_CMP_EQ: Final = 4
_CMP_MASKED_EQ: Final = 7
_PROT_WRITE, _PROT_EXEC = 2, 4
_FAMILIES: Final = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}
_STAY_WRITABLE: Final = ("/proc", "/sys", "/dev")


class _Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = [  # type: ignore[mutable-override]  # as ctypes has it
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    ]


def main() -> None:
    unit, *rest = sys.argv[1:]
    at = rest.index("--")
    writable, command = rest[:at], rest[at + 1 :]
    service = _service(Path(unit))
    libc = ctypes.CDLL(None, use_errno=True)
    _confine_files(libc, writable)
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(service["LimitNOFILE"]),) * 2)
    os.umask(int(service["UMask"], 8))
    assert service["CapabilityBoundingSet"] == ""
    assert service["NoNewPrivileges"] == "yes"
    allowed = _system_calls(service["SystemCallFilter"].split("\n"))
    os.setgroups([])
    for capability in range(_LAST_CAPABILITY + 1):
        _must(libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0), "prctl")
    _must(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    _filter(allowed, [_FAMILIES[name] for name in service["RestrictAddressFamilies"].split()])
    os.execvp(command[0], command)


def _service(unit: Path) -> configparser.SectionProxy:
    class Repeated(dict[str, object]):
        """What a unit says twice adds up."""

        def __setitem__(self, key: str, value: object) -> None:
            if isinstance(value, list) and key in self and isinstance(self[key], list):
                old = self[key]
                assert isinstance(old, list)
                old.extend(value)
            else:
                super().__setitem__(key, value)

    parser = configparser.RawConfigParser(strict=False, dict_type=Repeated)  # type: ignore[arg-type]
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read(unit)
    return parser["Service"]


def _confine_files(libc: ctypes.CDLL, writable: Sequence[str]) -> None:
    _must(libc.unshare(_NEW_MOUNTS), "unshare")
    _mount("--make-rprivate", "/")
    for folder in writable:
        _mount("--bind", folder, folder)
    for point in _mount_points():
        if not point.startswith((*_STAY_WRITABLE, *writable)):
            _mount("-o", "remount,bind,ro", point)
    _mount("-t", "proc", "-o", "hidepid=invisible,subset=pid", "proc", "/proc")


def _mount_points() -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4].encode().decode("unicode_escape") for line in lines]


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _system_calls(lines: Sequence[str]) -> set[str]:
    """The calls that the filter's lines leave; what every program needs is always among them, as systemd has it."""
    allowed = set(_expanded("@default"))
    for line in lines:
        names = {call for word in line.removeprefix("~").split() for call in _expanded(word)}
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def _expanded(word: str) -> Iterator[str]:
    if not word.startswith("@"):
        yield word
        return
    said = subprocess.run(
        ["systemd-analyze", "syscall-filter", word],
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    for line in said.stdout.splitlines():
        inner = line.strip()
        if inner and inner != word and not inner.startswith("#"):
            yield from _expanded(inner)


def _filter(allowed: set[str], families: Sequence[int]) -> None:
    seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    seccomp.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(_EPERM)))

    def allow(name: str, *comparisons: _Comparison) -> None:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number == -1:
            return  # another architecture's
        array = (_Comparison * len(comparisons))(*comparisons)
        added = seccomp.seccomp_rule_add_array(
            context, ctypes.c_uint32(_ALLOW), number, len(comparisons), array if comparisons else None
        )
        _must(added, name)

    for name in sorted(allowed - {"socket", "mmap", "mprotect", "pkey_mprotect", "unshare", "setns"}):
        allow(name)
    for family in families:
        allow("socket", _Comparison(0, _CMP_EQ, family, 0))
    for protection in (0, _PROT_WRITE, _PROT_EXEC):
        allow("mmap", _Comparison(2, _CMP_MASKED_EQ, _PROT_WRITE | _PROT_EXEC, protection))
    allow("mprotect", _Comparison(2, _CMP_MASKED_EQ, _PROT_EXEC, 0))
    _must(seccomp.seccomp_load(context), "seccomp_load")


def _must(result: int, what: str) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what} returned {result}")


if __name__ == "__main__":
    main()
