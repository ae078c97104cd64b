import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from riskboard.secret_key import read_or_create


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    first = read_or_create(tmp_path / "var" / "secret_key")
    assert len(first) >= 50
    assert read_or_create(tmp_path / "var" / "secret_key") == first
    assert read_or_create(tmp_path / "elsewhere" / "secret_key") != first


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    read_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(read_or_create, [tmp_path / "secret_key"] * 32))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
