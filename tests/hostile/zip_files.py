"""Hostile zips: made by hand where Python's own writer is too honest."""

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from tests.hostile import xml_files
from tests.hostile.case import ID, PEOPLE, Hostile, Make, written

ZIP = "upload.zip"
FACTS = 'as_at = 2026-08-31\nauthority = "330"\n'
DAMAGED = r"it is damaged|the zip is damaged|damaged or cut short"

Members = Iterable[tuple[str | zipfile.ZipInfo, bytes]]


def zipped(members: Members, way: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of those members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", way) as archive:
        for name, data in members:
            archive.writestr(name, data, compress_type=way)
    return stream.getvalue()


HONEST = zipped([("people.csv", PEOPLE.encode())])


def kind(name: str, mode: int) -> zipfile.ZipInfo:
    """A member that says it is a link, a pipe or a device."""
    info = zipfile.ZipInfo(name)
    info.external_attr = (mode | 0o777) << 16
    return info


def changed(data: bytes, signature: bytes, offset: int, value: bytes, last: bool = False) -> bytes:
    """`data` with `value` written at `offset` after the first (or last) `signature`."""
    place = (data.rfind if last else data.find)(signature) + offset
    return data[:place] + value + data[place + len(value) :]


def listed_as(name: str, sizes: tuple[int, int], *, crc: int = 0, extra: bytes = b"") -> bytes:
    """An entry of a zip's list: a packed member at the very start, of those sizes (packed, unpacked)."""
    before = struct.pack("<4sHHHHHHIII", b"PK\x01\x02", 45, 45, 0, 8, 0, 33, crc, *sizes)
    return before + struct.pack("<HHHHHII", len(name), len(extra), 0, 0, 0, 0, 0) + name.encode() + extra


def at_start(name: str, data: bytes, sizes: tuple[int, int], crc: int = 0) -> bytes:
    """A packed member as it stands in the file."""
    return (
        struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 45, 0, 8, 0, 33, crc, *sizes, len(name), 0) + name.encode() + data
    )


def ended(body: bytes, listed: bytes, count: int) -> bytes:
    """A zip of those members and that list."""
    return body + listed + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(listed), len(body), 0)


def overlapping() -> bytes:
    """150 members that are all the same bytes: 1.5 GB from less than a megabyte, each by itself no bomb."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b"a,b\n" * 2_600_000
    packed = packer.compress(plain) + packer.flush()
    # Each says that nine times its bytes are its own, which keeps it below the ratio of a bomb.
    crc, sizes = zlib.crc32(plain), (len(packed) * 9, len(plain))
    listed = b"".join(listed_as(f"{n:03}.c", sizes, crc=crc) for n in range(150))
    return ended(at_start("000.c", packed, sizes, crc) * 10, listed, 150)


def zip64_lie() -> bytes:
    """A member that says, in the larger fields, that it has eight exabytes."""
    extra = struct.pack("<HHQQ", 1, 16, 2**63 - 1, 2**40)
    listed = listed_as("a.csv", (0xFFFFFFFF, 0xFFFFFFFF), extra=extra)
    return ended(at_start("a.csv", b"x", (1, 1)), listed, 1)


def many_entries(count: int) -> bytes:
    """A zip that lists `count` empty members."""
    return zipped((f"{n}.csv", b"") for n in range(count))


def bomb(folder: Path) -> Path:
    """A member of one gibibyte of nothing in a megabyte."""
    path = folder / ZIP
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("people.csv", "w") as member,
    ):
        for _ in range(256):
            member.write(bytes(1024**2))
    return path


def far_apart(folder: Path) -> Path:
    """A sparse file with an end of a zip that says its list has four gigabytes."""
    path = folder / ZIP
    with path.open("wb") as file:
        file.write(HONEST)
        file.truncate(900 * 1024**2)
        file.seek(0, 2)
        file.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, 800 * 1024**2, 1000, 0))
    return path


def small_bombs() -> bytes:
    """Two hundred members just under the size at which the ratio is looked at."""
    return zipped((f"{n}.csv", b"," * (1024**2 - 1)) for n in range(200))


def nested() -> bytes:
    """Zips of zips of zips, as 42.zip is."""
    data = zipped([("people.csv", bytes(1024**2))])
    for level in range(4):
        data = zipped((f"lib {level} {n}.zip", data) for n in range(16))
    return data


def refused(name: str, what: str, data: bytes | Make, sentence: str, **more: float) -> Hostile:
    make = written(ZIP, data) if isinstance(data, bytes) else data
    return Hostile(f"zip: {name}", what, make, refused=sentence, **more)


def read(name: str, what: str, data: bytes, **more) -> Hostile:
    return Hostile(
        f"zip: {name}", what, written(ZIP, data), **{"first": {"pers_person_id": ID}, "rows": {"ssd_person": 1}} | more
    )


def put(name: str, data: bytes = PEOPLE.encode()) -> bytes:
    """A zip with one member of that name."""
    return zipped([(name, data)])


NO_TEXT = r"is not a text file"
OUTSIDE = r"outside its own folder"
LINK = r"a link to another file, a pipe or a device"
FILES = [
    refused("nested bombs", "zips in zips in zips, as 42.zip", nested(), r"holds another archive"),
    refused("files over each other", "150 members that are the same bytes", overlapping(), r"lie over each other"),
    refused(
        "100,000 members",
        "a list of a hundred thousand files",
        many_entries(100_000),
        r"lists far more files than the 200",
    ),
    refused("201 members", "one more than an extract may have", many_entries(201), r"holds 201 files"),
    refused("bomb", "a gibibyte in a megabyte", bomb, r"more than 200 times its size"),
    refused(
        "small bombs",
        "two hundred members of a megabyte of commas",
        small_bombs(),
        r"None of the 200 files there is a table",
    ),
    refused(
        "small on paper",
        "a member that says it is smaller than it is",
        changed(zipped([("people.csv", PEOPLE.encode() * 9999)]), b"PK\x01\x02", 24, struct.pack("<I", len(PEOPLE))),
        DAMAGED,
    ),
    refused(
        "larger on paper",
        "a member that says it is larger than it is",
        changed(HONEST, b"PK\x01\x02", 24, struct.pack("<I", 5000)),
        DAMAGED,
    ),
    refused(
        "eight exabytes",
        "a member whose larger size field lies",
        zip64_lie(),
        r"would unpack to more than 200 times|GiB",
    ),
    refused("a list of gigabytes", "an end that says the list of files has 800 MB", far_apart, r"lists far more files"),
    refused("traversal", "a member named ../../people.csv", put("../../people.csv"), OUTSIDE),
    refused("traversal inside", "a member named a/../../people.csv", put("a/../../people.csv"), OUTSIDE),
    refused("absolute", "a member named /etc/people.csv", put("/etc/people.csv"), OUTSIDE),
    refused("backslashes", "a member named ..\\people.csv", put("..\\people.csv"), OUTSIDE),
    refused("drive", "a member named C:people.csv", put("C:people.csv"), OUTSIDE),
    refused(
        "NUL in a name",
        "a name that ends, for some, before it does",
        put("people.csvX/../../x").replace(b"csvX", b"csv\0"),
        f"{OUTSIDE}|{DAMAGED}",
    ),
    refused(
        "link",
        "a member that is a link to /etc/passwd",
        zipped([(kind("people.csv", stat.S_IFLNK), b"/etc/passwd")]),
        LINK,
    ),
    refused("pipe", "a member that is a pipe", zipped([(kind("people.csv", stat.S_IFIFO), b"")]), LINK),
    refused("device", "a member that is a device", zipped([(kind("zero", stat.S_IFCHR), b"")]), LINK),
    read("names of devices", "a member named as a device on another system", put("CON.csv")),
    refused(
        "password",
        "members that are encrypted",
        changed(changed(HONEST, b"PK\x03\x04", 6, b"\1"), b"PK\x01\x02", 8, b"\1"),
        r"has a password",
    ),
    refused(
        "zip under another name",
        "a zip named people.csv inside",
        put("people.csv", HONEST),
        r"is a zip inside the extract",
    ),
    refused(
        "gzip under another name",
        "gzip named people.csv inside",
        put("people.csv", zlib.compress(PEOPLE.encode(), wbits=31)),
        r"is packed: unpack it first",
    ),
    refused(
        "broken list", "a list of files with a byte turned", changed(HONEST, b"PK\x01\x02", 0, b"PK\x01\x03"), DAMAGED
    ),
    refused(
        "another name in the list",
        "a name in the list that is not the one at the file",
        changed(HONEST, b"PK\x01\x02", 46, b"PEOPLE"),
        DAMAGED,
    ),
    refused("broken member", "bytes of a member turned", changed(HONEST, b"people.csv", 14, b"\xff\xff\xff"), DAMAGED),
    refused("cut short", "half a zip", HONEST[: len(HONEST) // 2], DAMAGED),
    refused(
        "the same name twice",
        "two members both named people.csv",
        zipped([("people.csv", PEOPLE.encode()), ("people.csv", b"x")]),
        r"two files of the same name",
    ),
    refused(
        "two tables of the same kind",
        "two members that hold the same table",
        zipped([("a.csv", PEOPLE.encode()), ("b.csv", PEOPLE.encode())]),
        r"both hold ssd_person",
    ),
    refused(
        "writing turned about",
        "a name that reads as people.csv and is something else",
        put("vsc.\u202eelpoep.csv", b""),
        r"vsc\.\?elpoep\.csv is empty",
    ),
    refused(
        "very long name", "a name of sixty thousand letters", put("x" * 60_000 + ".csv", b""), r"x…x+\.csv is empty"
    ),
    refused(
        "lzma",
        "packed in a way that may ask for gigabytes to unpack",
        zipped([("people.csv", PEOPLE.encode())], zipfile.ZIP_LZMA),
        r"packed in a way",
    ),
    refused(
        "bzip2",
        "packed in a way no case system does",
        zipped([("people.csv", PEOPLE.encode())], zipfile.ZIP_BZIP2),
        r"packed in a way",
    ),
    refused(
        "extract.toml of a gigabyte",
        "facts that unpack to a gigabyte",
        changed(zipped([("extract.toml", b"#" * (1024**2 - 1))]), b"PK\x01\x02", 24, struct.pack("<I", 1024**2 - 1)),
        r"larger than the 4,096 bytes",
    ),
    refused(
        "extract.toml of a million dots",
        "facts made to take the TOML reader minutes",
        zipped([("extract.toml", b".".join([b"a"] * 30_000) + b"=1")]),
        r"larger than the 4,096 bytes",
    ),
    refused(
        "entities inside",
        "a census of entities of entities in a zip",
        put("census.xml", xml_files.LAUGHING.encode()),
        xml_files.DTD,
    ),
    refused(
        "an entity from a file inside",
        "a census that asks for /etc/passwd in a zip",
        put("census.xml", xml_files.doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]').encode()),
        xml_files.DTD,
    ),
    refused(
        "NUL inside", "a table with a NUL in a zip", put("people.csv", PEOPLE.encode().replace(b"Q", b"\0")), NO_TEXT
    ),
    refused(
        "a line without end inside",
        "a cell of five megabytes in a zip, in letters that do not pack",
        put("people.csv", PEOPLE.encode() + b"c2," + random.Random(1).randbytes(3_000_000).hex().encode() + b",\n"),
        r"a line of more than 4,194,304 characters",
    ),
    refused("nothing in it", "a zip without a member", zipped([]), r"no file to read"),
    refused(
        "a document in front",
        "PDF that is also a zip",
        b"%PDF-1.4\n%\xe2\xe3\n" + HONEST,
        r"is not a text file|not a table this version knows",
    ),
    read(
        "a comment that is a zip",
        "a second end of a zip hidden in the comment of the first",
        HONEST[:-2] + struct.pack("<H", 4) + b"PK\5\5",
    ),
    Hostile(
        "zip: facts beside tables",
        "an honest zip, so that the rest is measured against one",
        written(ZIP, zipped([("extract.toml", FACTS.encode()), ("people.csv", PEOPLE.encode())])),
        rows={"ssd_person": 1},
        as_at=None,
    ),
]
