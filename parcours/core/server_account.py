"""PostgreSQL refuses to run as root; when Parcours does, the server runs as an account of its own."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from parcours.core.errors import ParcoursError
from parcours.core.terminal import gettext as _

ACCOUNT = "parcours-db"


class ServerAccount(NamedTuple):
    uid: int
    gid: int

    def process_arguments(self) -> dict[str, Any]:
        """What makes `subprocess` run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, folder: Path) -> bool:
        return folder.stat().st_uid == self.uid

    def take(self, folder: Path) -> None:
        """Makes this account the owner of a folder and everything in it."""
        if self.owns(folder):
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.lchown(Path(parent, name), self.uid, self.gid)
        os.chown(folder, self.uid, self.gid)

    def may_pass(self, folder: Path) -> None:
        """Lets this account walk through the folders above `folder`, without letting it list them."""
        for parent in folder.parents:
            mode = parent.stat().st_mode
            if not mode & 0o001 and not self.owns(parent):
                parent.chmod(mode & 0o7777 | 0o001)

    def may_read(self, folder: Path) -> None:
        """Lets this account read a folder of programs; nothing changes where everybody may already."""
        self.may_pass(folder)
        if _open_to_all(folder):
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                path = Path(parent, name)
                if not path.is_symlink():
                    mode = path.stat().st_mode
                    path.chmod(mode & 0o7777 | 0o004 | (mode & 0o100) >> 6)
        folder.chmod(folder.stat().st_mode & 0o7777 | 0o005)


def server_account(data: Path) -> ServerAccount | None:
    """The account that the server runs as: None for our own, which is right for everybody but root.

    For root it is the owner of the installation, and in an installation of root's one made for this purpose.
    Raises ParcoursError when the system has no account for it and none can be made.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat()
    if owner.st_uid != 0 and _is_known(owner.st_uid):
        return ServerAccount(owner.st_uid, owner.st_gid)
    for name in (ACCOUNT, "nobody"):
        if name == ACCOUNT:
            _make_account()
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(entry.pw_uid, entry.pw_gid)
    raise ParcoursError(
        _("PostgreSQL can't run as root, and no other account could be made for it."),
        remedy=_("Run Parcours as a normal user, or add a system account called {name}.").format(
            name=ACCOUNT
        ),
    )


def _is_known(uid: int) -> bool:
    """PostgreSQL looks up the name of the account it runs as, and ends when there is none."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _make_account() -> None:
    """Adds the system account once, with the tool that this system has; without one nothing happens."""
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    else:
        return
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", ACCOUNT]
    elif shutil.which("adduser"):
        command = ["adduser", "-S", "-D", "-H", "-s", "/bin/false", ACCOUNT]
    else:
        return
    subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)


def _open_to_all(folder: Path) -> bool:
    programs = [folder, *folder.glob("bin/postgres"), *folder.glob("*.so*")]
    return all(
        program.stat().st_mode & 0o005 >= (0o005 if program.is_dir() else 0o004) for program in programs
    )
