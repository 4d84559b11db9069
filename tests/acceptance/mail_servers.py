"""Dovecot and Postfix of this machine, each started for one test in a folder of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.product import PATIENCE, free_port

PASSWORD = "secret"
_OWNER = 65534  # nobody, as everywhere

_DOVECOT = """
base_dir = {folder}/run
protocols = imap
listen = 127.0.0.1
{ssl}
first_valid_uid = 0
log_path = {folder}/dovecot.log
mail_location = maildir:{folder}/mail/%n
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0666
  }}
}}
auth_mechanisms = plain login {tokens}
{token_passdb}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/mail/%n allow_all_users=yes
}}
"""
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/state
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.foulee.test
mydestination =
local_header_rewrite_clients =
alias_maps =
biff = no
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
smtpd_client_connection_count_limit = 0
virtual_mailbox_domains = foulee.test, customers.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = regexp:{folder}/postfix/boxes
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
transport_maps = regexp:{folder}/postfix/ways
default_transport = error:5.1.2 nobody is there
{tls}
"""
_ENCRYPTED = """
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = yes
"""
_PLAIN = """
ssl = no
disable_plaintext_auth = no
"""
_TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
"""
_OAUTH2 = """
tokeninfo_url = {tokens}
username_attribute = email
active_attribute = active
active_value = true
"""
_MAIN_ENCRYPTED = """
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
"""
_WRAPPED = """127.0.0.1:{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n 1000? 1 tlsmgr
"""
_BOXES = "/^contact(\\+.*)?@foulee\\.test$/ contact/\n/@customers\\.test$/ customers/\n"
_SERVICES = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def lacking() -> str:
    """What this machine lacks for it, if anything."""
    missing = [name for name in ("dovecot", "doveadm", "postfix") if not shutil.which(name)]
    if missing:
        return f"{', '.join(missing)} not on this machine (Debian: dovecot-imapd, postfix)"
    return "" if os.geteuid() == 0 else "Dovecot and Postfix are started by root only"


@dataclass(frozen=True, slots=True)
class Servers:
    """`gone` is the port where Postfix is told that nobody has such an address; `imaps` and `smtps` are
    encrypted from the first byte on, where there is a certificate.
    """

    folder: Path
    imap: int
    smtp: int
    gone: int
    imaps: int
    smtps: int

    def new_uids(self, box: str) -> None:
        """Makes the server forget which UIDs it gave: the folder gets another UIDVALIDITY."""
        time_stamp = self.folder / "mail" / box / "dovecot-uidlist"
        before = self.validity(box)
        while self.validity(box) == before:
            time_stamp.unlink(missing_ok=True)
            for each in (self.folder / "mail" / box).glob("dovecot*"):
                each.unlink(missing_ok=True)
            time.sleep(1)  # its UIDVALIDITY is the second of its birth

    def validity(self, box: str) -> str:
        """Asked again while the server says “later”: its files may just have gone from under it."""
        config = f"{self.folder}/dovecot.conf"
        command = ["doveadm", "-c", config, "mailbox", "status", "-u", box, "uidvalidity", "INBOX"]
        until = time.monotonic() + 10  # seconds
        while True:
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            if said.returncode != os.EX_TEMPFAIL or time.monotonic() > until:
                break
            time.sleep(0.1)
        assert said.returncode == 0, said.stderr
        return said.stdout.strip()

    def files(self, box: str) -> list[Path]:
        return [
            file
            for name in ("new", "cur")
            for file in sorted((self.folder / "mail" / box / name).glob("*"))
            if file.is_file()
        ]

    def is_idle(self) -> bool:
        """Whether Postfix has handed over everything."""
        queues = (self.folder / "queue" / name for name in ("incoming", "active", "maildrop"))
        return not any(file.is_file() for queue in queues for file in queue.rglob("*"))


@dataclass(frozen=True, slots=True)
class Certificate:
    """In PEM. `tokens` is where Dovecot asks whether an access token is good, where it takes such."""

    chain: bytes
    key: bytes
    tokens: str = ""


@contextmanager
def started(folder: Path, certificate: Certificate | None = None) -> Iterator[Servers]:
    """Without a certificate nothing is encrypted."""
    folder.chmod(0o755)
    servers = Servers(folder, *(free_port() for _port in range(5)))
    _write(servers, certificate)
    dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")])
    config = str(folder / "postfix")
    subprocess.run(["postfix", "-c", config, "start"], check=True, capture_output=True)
    try:
        for port in (servers.imap, servers.smtp):
            _wait_for(port)
        yield servers
    finally:
        subprocess.run(["postfix", "-c", config, "stop"], check=False, capture_output=True)
        dovecot.terminate()
        dovecot.wait()


def _write(servers: Servers, certificate: Certificate | None) -> None:
    folder = servers.folder
    names: dict[str, object] = {
        "folder": folder,
        "imap": servers.imap,
        "smtp": servers.smtp,
        "password": PASSWORD,
        "owner": _OWNER,
        "imaps": servers.imaps if certificate else 0,
        "smtps": servers.smtps,
    }
    names["ssl"] = (_ENCRYPTED if certificate else _PLAIN).format(**names)
    names["tls"] = _MAIN_ENCRYPTED.format(**names) if certificate else ""
    names["tokens"] = "xoauth2" if certificate and certificate.tokens else ""
    names["token_passdb"] = _TOKENS.format(**names) if names["tokens"] else ""
    for name in ("postfix", "queue", "state", "mail", "run"):
        (folder / name).mkdir()
    for box in ("contact", "customers"):
        (folder / "mail" / box).mkdir()
        os.chown(folder / "mail" / box, _OWNER, _OWNER)
    os.chown(folder / "mail", _OWNER, _OWNER)
    shutil.chown(folder / "state", "postfix")
    (folder / "queue" / "private").mkdir(0o700)
    shutil.chown(folder / "queue" / "private", "postfix")
    if certificate:
        (folder / "cert.pem").write_bytes(certificate.chain)
        (folder / "key.pem").write_bytes(certificate.key)
        said = (
            f"tokeninfo_url = {certificate.tokens}\nusername_attribute = email\nactive_attribute = active\n"
        )
        (folder / "oauth2.conf").write_text(f"{said}active_value = true\n")
    (folder / "dovecot.conf").write_text(_DOVECOT.format(**names))
    (folder / "postfix" / "main.cf").write_text(_MAIN.format(**names))
    wrapped = _WRAPPED if certificate else ""
    (folder / "postfix" / "master.cf").write_text((_SERVICES + wrapped).format(**names))
    (folder / "postfix" / "boxes").write_text(_BOXES)
    (folder / "postfix" / "ways").write_text(f"/@gone\\.test$/ smtp:[127.0.0.1]:{servers.gone}\n")


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nobody answers on port {port}")
