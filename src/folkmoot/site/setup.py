"""`folkmoot setup`: from an empty machine to a community that starts by itself, for an operator who is no engineer.

It asks, writes `settings.env`, founds the community, and lays ready what the machine needs: a systemd unit and a
Caddyfile. It changes nothing outside the data folder; what an administrator of the machine must do is printed.
"""

import os
import pwd
import shlex
import shutil
import smtplib
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from folkmoot.site.configuration import SETTINGS_FILE

UNIT = """# systemd starts Folkmoot with the machine and again whenever it ends. Made by `folkmoot setup`.
[Unit]
Description=Folkmoot: {name}
After=network-online.target
Wants=network-online.target

[Service]
User={owner}
Environment="FOLKMOOT_DATA={data}"
WorkingDirectory={data}
ExecStart="{folkmoot}" serve
Restart=always
RestartSec=2
TimeoutStopSec=20
KillMode=mixed
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths="{data}"
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
CapabilityBoundingSet=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
LockPersonality=yes

[Install]
WantedBy=multi-user.target
"""

CADDYFILE = """# Caddy fetches and renews the certificate of {domain} by itself. Made by `folkmoot setup`.
{domain} {{
	encode zstd gzip
	reverse_proxy 127.0.0.1:{port}
}}
"""


def owner() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def make_folder(data: Path) -> str:
    return f"sudo install -d -m 700 -o {shlex.quote(owner())} {shlex.quote(str(data))}"


def mail_url(server: str, name: str, password: str) -> str:
    """`smtp.example:587`, a name and a password as one MAIL_URL."""
    login = f"{quote(name, safe='')}:{quote(password, safe='')}@" if name else ""
    scheme = "smtps" if server.endswith(":465") else "submission" if name else "smtp"
    return f"{scheme}://{login}{server}"


def write_settings(data: Path, values: dict[str, str]) -> Path:
    """Write `settings.env`, readable by its owner only: it may hold a password. Lines that setup does not know stay."""
    path = data / SETTINGS_FILE
    kept = (
        path.read_text(encoding="utf-8").splitlines()
        if path.exists()
        else ["# What `folkmoot setup` was told. See docs/running.md."]
    )
    kept = [line for line in kept if line.partition("=")[0].strip() not in values]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join([*kept, *(f"{name}={value}" for name, value in values.items() if value)]) + "\n")
    path.chmod(0o600)
    return path


def write_deployment(data: Path, *, name: str, address: str, port: int) -> list[str]:
    """Write the unit and, for an https address, the Caddyfile; returns the commands that put them in place."""
    folder = data / "deploy"
    folder.mkdir(exist_ok=True)
    beside = Path(sys.executable).with_name("folkmoot")  # of the environment that runs now, wherever PATH leads
    program = str(beside) if beside.exists() else shutil.which("folkmoot") or "folkmoot"
    unit = folder / "folkmoot.service"
    plain = {"name": " ".join(name.split()), "owner": owner(), "data": str(data), "folkmoot": program}
    unit.write_text(UNIT.format(**{key: text.replace("%", "%%") for key, text in plain.items()}), encoding="utf-8")
    steps = [f"sudo cp {shlex.quote(str(unit))} /etc/systemd/system/", "sudo systemctl enable --now folkmoot"]
    parts = urlsplit(address)
    if parts.scheme == "https":
        caddyfile = folder / "Caddyfile"
        caddyfile.write_text(CADDYFILE.format(domain=parts.netloc, port=port), encoding="utf-8")
        steps += [
            "sudo apt install caddy",
            f"sudo cp {shlex.quote(str(caddyfile))} /etc/caddy/Caddyfile",
            "sudo systemctl reload caddy",
        ]
    return steps


def send_test_mail(to: str, *, community: str) -> str:
    """Send one letter now, by the configured server; returns what went wrong, empty when it was taken."""
    from django.conf import settings
    from django.core.mail import EmailMessage
    from django.core.mail.backends.smtp import EmailBackend

    text = f"{community} can send mail. If you did not ask for this, somebody mistyped their address."
    letter = EmailMessage(f"{community}: a test", text, settings.DEFAULT_FROM_EMAIL, [to])
    try:
        EmailBackend(timeout=20).send_messages([letter])
    except (OSError, smtplib.SMTPException) as trouble:
        return str(trouble) or type(trouble).__name__
    return ""
