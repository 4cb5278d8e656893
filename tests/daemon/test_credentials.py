import os
from pathlib import Path

from maild.daemon.configwatch import ConfigWatch
from maild.daemon.credentials import CredentialFiles
from maild.daemon.generation import Generation
from maild.daemon.reload import next_generation
from maild.daemon.successor import Knowledge
from maild.observe.events import CredentialsChanged
from maild.watch.scan import scan_folder
from maild.watch.snapshot import Snapshot, merge_scan
from tests.daemon.test_reload import NOW, account


class Folder:
    """A real folder of accounts with their passwords."""

    def __init__(self, root: Path, **accounts: str) -> None:
        self.accounts = root / "configs" / "accounts"
        self.accounts.mkdir(parents=True)
        (root / "credentials").mkdir()
        self.root = root
        self.generation: Generation | None = None
        self.snapshot = Snapshot()
        for name, text in accounts.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.accounts / f"{name}.yaml").write_text(text)

    def read(self) -> Generation:
        folder = self.accounts.parent
        self.snapshot = merge_scan(
            self.snapshot, scan_folder(folder, self.snapshot, now=NOW), at_s=0.0, believes_absence=True
        )
        known = Knowledge(has_canary=True)
        self.generation = next_generation(
            self.generation, self.snapshot, folder=folder, now=NOW, known=known
        ).generation
        return self.generation


def with_password(reference: str, tls: str = "") -> str:
    return account().replace("{env: PASSWORD}", reference).replace("port: 465", f"port: 465{tls}")


def test_changed_files_name_the_accounts_that_use_them(tmp_path: Path) -> None:
    folder = Folder(
        tmp_path,
        file=with_password("{file: passwords/one}"),
        both=with_password("{file: passwords/one}", ", tls: {ca_file: ca.pem}"),
        systemd=with_password("{credential: mail}"),
        env=account(),
        http="protocol: http\nhttp: {url: https://mail.shop.net/send}\nreply_to: a@shop.net\n",
    )
    files = CredentialFiles({"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")})
    files.use(folder.read())
    assert files.changed(None) is None

    (folder.accounts / "passwords").mkdir()
    (folder.accounts / "passwords" / "one").write_text("a")
    (tmp_path / "credentials" / "mail").write_text("b")
    changed = files.changed(None)
    assert changed is not None
    assert sorted(changed.accounts) == ["both", "file", "systemd"]
    assert files.changed(None) is None

    (folder.accounts / "ca.pem").write_text("pem")
    (tmp_path / "credentials" / "mail").write_text("other")
    assert files.changed({Path("/elsewhere/ca.pem")}) == CredentialsChanged(accounts=("both",))
    assert files.changed(frozenset()) is None
    assert files.changed(None) == CredentialsChanged(accounts=("systemd",))
    assert files.folders == (folder.accounts, folder.accounts / "passwords", tmp_path / "credentials")


def test_accounts_come_and_go_with_their_files(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a=with_password("{file: one}"), b=with_password("{file: two}"))
    files = CredentialFiles({})
    files.use(folder.read())
    folder.write("a", with_password("{file: three}"))
    (folder.accounts / "b.yaml").unlink()
    folder.write("c", with_password("{credential: mail}"))
    files.use(folder.read())

    for name in ("one", "two", "three"):
        (folder.accounts / name).write_text("x")

    assert files.changed(None) == CredentialsChanged(accounts=("a",))


def test_a_file_that_was_only_read_has_not_changed(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a=with_password("{file: one}"))
    (folder.accounts / "one").write_text("x")
    files = CredentialFiles({})
    files.use(folder.read())

    (folder.accounts / "one").read_text()
    os.utime(folder.accounts)

    assert files.changed(None) is None


def test_the_password_of_a_version_that_is_held_back_counts_beside_the_one_in_force(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a=with_password("{file: one}"), b=account())
    (folder.accounts.parent / "maild.yaml").write_text("reload: {canary: true}\n")
    files = CredentialFiles({})
    files.use(folder.read())
    folder.write("a", with_password("{file: two}"))
    files.use(folder.read())

    (folder.accounts / "two").write_text("x")
    assert files.changed(None) == CredentialsChanged(accounts=(), on_trial=("a",))
    (folder.accounts / "one").write_text("x")
    assert files.changed(None) == CredentialsChanged(accounts=("a",))
    folder.write("a", with_password("{file: one}"))
    files.use(folder.read())
    (folder.accounts / "two").write_text("xy")
    assert files.changed(None) is None


def test_a_link_or_a_folder_that_was_touched_may_be_on_the_way_to_any_of_them(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    for number in ("..1", "..2"):
        (secret / number).mkdir(parents=True)
        (secret / number / "one").write_text(number * int(number[2:]))
    (secret / "..data").symlink_to("..1")
    (secret / "one").symlink_to("..data/one")
    folder = Folder(tmp_path, a=with_password(f"{{file: {secret}/one}}"))
    files = CredentialFiles({})
    files.use(folder.read())

    (secret / "..new").symlink_to("..2")
    (secret / "..new").rename(secret / "..data")

    assert files.changed({secret / "..new", secret / "..data"}) == CredentialsChanged(accounts=("a",))


def test_a_file_that_may_not_be_looked_at_is_one_that_is_not_there(tmp_path: Path) -> None:
    hidden = "x" * 300  # a name that the file system takes from nobody, root neither
    folder = Folder(tmp_path, one=with_password(f"{{file: {hidden}/one}}"))
    files = CredentialFiles({})
    files.use(folder.read())
    watch = ConfigWatch(folder.accounts.parent, on_hint=lambda hint: None, emit=lambda event: None)

    assert files.changed(None) is None
    assert files.changed({folder.accounts / hidden / "one"}) is None
    assert not watch.add(files.folders)
