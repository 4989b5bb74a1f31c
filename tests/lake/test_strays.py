"""Files of a home beside its lake: which hold the child, and which nobody can look into."""

import io
import zipfile

import pytest

from lineofsight.lake import strays
from lineofsight.lake.strays import Words

WORDS = Words(frozenset({"7710042"}), frozenset({"Ada", "Tern"}))


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("__", "."), content)
    return made.getvalue()


HOLD = {
    "by id.csv": b"id,date\n7710042,2026-10-01\n",
    "by name.csv": b"surname,forename\nTERN,Ada\n",
    "utf16.csv": "id\n7710042\n".encode("utf-16"),
    "book.xlsx": zipped(**{"xl/shared__xml": b"<t>Ada</t>", "xl/sheet__xml": b"<t>Tern</t>"}),
    "inside.zip": zipped(inner__zip=zipped(list__csv=b"7710042")),
}
DO_NOT = {
    "part of a longer number.csv": b"id\n77100421\n",
    "one name of two.csv": b"surname\nTern\n",
    "book of others.xlsx": zipped(**{"xl/shared__xml": b"<t>Ben</t>"}),
    "pack.pdf": b"%PDF-1.7\n\x00 lineofsight-pack 0a1b2c3d-0000-0000-0000-000000000000",
    "empty": b"",
}
NOBODY_KNOWS = {
    "scan.pdf": b"%PDF-1.7\n\x00\x01",
    "picture.png": b"\x89PNG\x00\x00",
    "broken.zip": b"PK\x03\x04 not a zip",
    "pictures.zip": zipped(scan__png=b"\x89PNG\x00"),
    "zips.zip": zipped(a__zip=zipped(b__zip=zipped(c__zip=zipped(d__csv=b"7710042")))),
}


@pytest.mark.parametrize("name", [*HOLD, *DO_NOT, *NOBODY_KNOWS])
def test_a_file_holds_the_child_or_does_not_or_nobody_can_tell(lake_home, name):
    content = {**HOLD, **DO_NOT, **NOBODY_KNOWS}[name]
    for folder in (lake_home.exports, lake_home.path / "logs"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    found = strays.look(lake_home, WORDS)
    exported, other = (lake_home.exports / name,), (lake_home.path / "logs" / name,)
    assert found.holding == (exported if name in HOLD else ())
    assert found.exports_not_read == (exported if name in NOBODY_KNOWS else ())
    assert found.elsewhere == (other if name in HOLD else ())
    assert found.not_read == (other if name in NOBODY_KNOWS else ())
    assert set(found.to_delete).isdisjoint(other)


def test_the_lake_the_keys_the_anchors_and_the_database_are_not_looked_into(lake_home):
    for folder in (lake_home.lake, lake_home.keys, lake_home.anchors):
        (folder / "x.csv").write_bytes(b"7710042")
    lake_home.database.write_bytes(b"7710042")
    lake_home.database.with_name("lineofsight.sqlite3-wal").write_bytes(b"7710042")
    (lake_home.path / "link.csv").symlink_to(lake_home.lake / "x.csv")
    assert strays.look(lake_home, WORDS) == strays.Strays()


def test_a_file_that_is_too_large_to_look_into_is_not_said_to_be_without_the_child(lake_home, monkeypatch):
    monkeypatch.setattr(strays, "LARGEST", 10)
    (lake_home.exports / "big.csv").write_bytes(b"x" * 11)
    (lake_home.exports / "big.zip").write_bytes(b"PK")
    assert [path.name for path in strays.look(lake_home, WORDS).exports_not_read] == ["big.csv", "big.zip"]
