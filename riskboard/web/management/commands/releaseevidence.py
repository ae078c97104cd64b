import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from riskboard.ingest.evidence_releases.archive import open_release
from riskboard.ingest.evidence_releases.keys import KeyFault, PublicKey, read_private_key
from riskboard.ingest.evidence_releases.manifest import Manifest, ReleaseFault
from riskboard.web.releasing import write_release

VARIABLE = "EVIDENCE_RELEASE_PRIVATE_KEY"


class Command(BaseCommand):
    help = "Make a signed evidence release of all the evidence here, for other boards to install with updateevidence."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT.zip", help="The file to make; it must not exist yet.")
        parser.add_argument(
            "--key", type=Path, metavar="FILE", help=f"The private key, a PEM file (default: the text of {VARIABLE})."
        )

    def handle(self, *_arguments: object, **options: object) -> None:
        out = Path(str(options["out"]))
        key = read_key(Path(str(options["key"])) if options["key"] else None)
        if out.exists():
            raise CommandError(f"{out} exists. Choose another name, or move it away.", returncode=2)
        try:
            manifest = make(out, key)
        except ReleaseFault as fault:
            raise CommandError(f"Nothing was made: no board could install it. {fault}", returncode=3) from None
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.", returncode=2) from None
        self._tell(out, manifest)

    def _tell(self, out: Path, manifest: Manifest) -> None:
        self.stdout.write(
            f"{out}: evidence release {manifest.serial}, {manifest.rows:,} rows, signed by {manifest.key_id}."
        )
        self.stdout.write(
            f"Newest evidence: {manifest.newest_on or 'none'}. Evidence version {manifest.evidence_version}."
        )
        self.stdout.write(f"{manifest.local_rows:,} of the rows were entered or edited on this board; they are in it.")


def read_key(path: Path | None) -> Ed25519PrivateKey:
    if path is None and not os.environ.get(VARIABLE):
        raise CommandError(f"Say which key signs: --key FILE, or its text in {VARIABLE}.", returncode=2)
    try:
        # One line is all that some environments can carry.
        pem = path.read_bytes() if path else os.environ[VARIABLE].replace("\\n", "\n").encode()
        return read_private_key(pem)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from None
    except KeyFault as fault:
        raise CommandError(f"{path or VARIABLE} {fault}", returncode=2) from None


def make(out: Path, key: Ed25519PrivateKey) -> Manifest:
    """The file appears whole, once it opened again as others will open it."""
    now = timezone.now()
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=out.parent, delete=False) as made:
        part = Path(made.name)
        try:
            manifest = write_release(made, key, now=now)
            made.flush()
            open_release(part.read_bytes(), [PublicKey.of(key)], Path(folder), now=now)
            part.chmod(0o644)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    return manifest
