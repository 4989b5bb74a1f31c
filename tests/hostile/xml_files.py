"""Hostile XML: what is sent in the place of a children in need census."""

from tests.hostile.case import BORN, GIGABYTE_SECONDS, ID, NAME, Hostile, Repeated, written

XML = "census.xml"
START = (
    "<Message>\n<Header><CollectionDetails><Collection>CIN</Collection><Year>2026</Year>"
    "<ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails><Source><LEA>330</LEA></Source></Header>\n<Children>\n"
)
CHILD = (
    f"<Child><ChildIdentifiers><LAchildID>{ID}</LAchildID><PersonBirthDate>{BORN}</PersonBirthDate></ChildIdentifiers>"
    "<CINdetails><CINreferralDate>2025-10-01</CINreferralDate></CINdetails></Child>\n"
)
END = "</Children></Message>"
WHOLE = START + CHILD + END
# What a return that is otherwise whole is told not to have.
NOT_GIVEN = (("taken as not given, not as none", None, None),)
DTD = r"declares a document type"
BROKEN = r"not whole, well-formed XML: it breaks"
ENDLESS = r"goes on for more than 1,048,576 bytes without a whole child"

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
ATTRIBUTES = "".join(f' a{n}="1"' for n in range(100_000))
SPACES = "".join(f'<n{n}:x xmlns:n{n}="urn:{n}">' for n in range(200))
OPEN, CLOSE = "<a>" * 100_000, "</a>" * 100_000


def whole(child: str = CHILD, *, before: str = "", start: str = START, end: str = END) -> str:
    """A census with `before` in front of it."""
    return before + start + child + end


def doctype(inside: str) -> str:
    """A document type before a census that uses the entity it makes."""
    return f"<!DOCTYPE Message {inside}>" + whole(CHILD.replace(ID, "&x;"))


def refused(name: str, what: str, data: str | bytes | Repeated, sentence: str, **more: float) -> Hostile:
    return Hostile(f"xml: {name}", what, written(XML, data), refused=sentence, as_at=None, **more)


def read(name: str, what: str, data: str | bytes | Repeated, told: tuple = (), **more) -> Hostile:
    return Hostile(
        f"xml: {name}",
        what,
        written(XML, data),
        told=(*NOT_GIVEN, *told),
        as_at=None,
        **{"first": {"pers_person_id": ID}} | more,
    )


LAUGHING = doctype(f'[<!ENTITY l0 "ha">{LAUGHS}<!ENTITY x "&l11;">]')


def endless(total: int) -> list[Hostile]:
    """What goes on and on, `total` bytes of it."""
    return [
        refused(
            "unknown in every child",
            "children of a megabyte of unknown elements each",
            Repeated(START.encode(), b"<Child>" + b"<Shoe>4</Shoe>" * 65_000 + b"</Child>", total, END.encode()),
            r"more than 500,000 things wrong",
            seconds=GIGABYTE_SECONDS,
        ),
        refused(
            "text without end",
            "one element with a text without end",
            Repeated(START.encode() + b"<Child>", b"x" * 1024, total, b"</Child>" + END.encode()),
            ENDLESS,
            seconds=GIGABYTE_SECONDS,
        ),
    ]


FILES = [
    refused(
        "billion laughs",
        "entities of entities, ten times each, eleven deep",
        LAUGHING,
        DTD,
    ),
    refused(
        "quadratic blow-up",
        "one long entity used many times",
        doctype(f'[<!ENTITY x "{"a" * 100_000}">]') + "&x;" * 10_000,
        DTD,
    ),
    refused(
        "entity from a file", "an entity that is /etc/passwd", doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), DTD
    ),
    refused(
        "entity from the network",
        "an entity fetched over http",
        doctype('[<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]'),
        DTD,
    ),
    refused(
        "parameter entities",
        "a DTD put together by parameter entities from the network",
        doctype('[<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]'),
        DTD,
    ),
    refused("external DTD", "a document type kept elsewhere", doctype('SYSTEM "http://127.0.0.1:9/cin.dtd"'), DTD),
    refused(
        "default attributes",
        "a document type that gives elements attributes",
        doctype('[<!ATTLIST Child x CDATA "y">]'),
        DTD,
    ),
    refused(
        "endless DTD",
        "fifty megabytes of entities before the first element",
        Repeated(b"<!DOCTYPE Message [", b'<!ENTITY x "y">', 50 * 1024**2, b"]>" + WHOLE.encode()),
        ENDLESS,
    ),
    refused("deep nesting", "100,000 elements inside one another", whole(f"<Child>{OPEN}{CLOSE}</Child>"), BROKEN),
    refused("huge attribute", "an attribute of twenty megabytes", whole(f'<Child x="{"a" * 20_000_000}"/>'), ENDLESS),
    refused(
        "100,000 attributes",
        "one element with 100,000 attributes",
        whole(f"<Child{ATTRIBUTES}/>"),
        f"{BROKEN}|{ENDLESS}",
    ),
    refused(
        "millions of strangers",
        "two million elements that are no child",
        Repeated(START.encode(), b"<Stranger/>", 22_000_000, END.encode()),
        ENDLESS,
    ),
    refused(
        "a child without end",
        "one child of a million elements",
        Repeated(START.encode() + b"<Child>", b"<ChildIdentifiers/>", 19_000_000, b"</Child>" + END.encode()),
        ENDLESS,
    ),
    refused(
        "children without ids",
        "two million children that say nothing",
        Repeated(START.encode(), b"<Child/>\n", 18_000_000, END.encode()),
        r"more than 500,000 things wrong",
        seconds=5,
    ),
    refused("huge comment", "a comment of twenty megabytes", whole("<!--" + "x" * 20_000_000 + "-->" + CHILD), ENDLESS),
    refused(
        "flood of CDATA",
        "half a million CDATA sections in one cell",
        whole(CHILD.replace(ID, "<![CDATA[x]]>" * 500_000)),
        f"{ENDLESS}|{BROKEN}",
    ),
    refused(
        "flood of instructions",
        "a million processing instructions",
        Repeated(START.encode(), b"<?go on?>", 9_000_000, END.encode()),
        ENDLESS,
    ),
    refused(
        "wrong encoding declared",
        "UTF-8 that says it is UTF-16",
        '<?xml version="1.0" encoding="UTF-16"?>' + WHOLE,
        BROKEN,
    ),
    refused(
        "encoding nobody knows",
        "an encoding that does not exist",
        '<?xml version="1.0" encoding="x-quill"?>' + WHOLE,
        BROKEN,
    ),
    refused(
        "UTF-8 declared, Latin-1 written",
        "bytes that are not the encoding declared",
        ('<?xml version="1.0" encoding="UTF-8"?>' + WHOLE.replace(ID, "Zoë")).encode("latin-1"),
        BROKEN,
    ),
    refused(
        "UTF-16 without its mark", "UTF-16 nobody can know for it", WHOLE.encode("utf-16-le"), r"is not a text file"
    ),
    refused("UTF-32", "four bytes a letter", WHOLE.encode("utf-32"), r"is not (a text file|XML)"),
    refused("NUL bytes", "a NUL in the middle of a cell", WHOLE.replace("2025-10-01", "2025\0"), r"is not a text file"),
    refused(
        "NUL far down",
        "a NUL after the first hundred kilobytes",
        whole(CHILD * 1000 + CHILD.replace("2025-10-01", "2025\0")),
        BROKEN,
    ),
    refused("cut short", "half a census", WHOLE[: len(WHOLE) // 2], BROKEN),
    refused("junk at the end", "a census and then something else", WHOLE + "<script>alert(1)</script>", BROKEN),
    refused("two in one", "a census and the same again", WHOLE + WHOLE, BROKEN),
    refused(
        "two headers",
        "a second header that says another authority",
        whole(CHILD + "<Header><LEA>999</LEA></Header>"),
        r"more than one header",
    ),
    refused("duplicate attributes", "an attribute that stands twice", whole('<Child a="1" a="2"/>'), BROKEN),
    refused(
        "control characters by number",
        "a reference to a character XML forbids",
        whole(CHILD.replace(ID, "&#1;")),
        BROKEN,
    ),
    refused(
        "another return",
        "the return on looked-after children",
        "<EXPSSDA903><CHILD/></EXPSSDA903>",
        r"looked-after children",
    ),
    refused(
        "another collection in its header",
        "a header of the workforce return",
        WHOLE.replace(">CIN<", f">{NAME}<"),
        r"says it is another collection",
    ),
    refused("a web page", "HTML with the name of a census", f"<!DOCTYPE html><html><body>{NAME}</body></html>", DTD),
    refused(
        "a picture",
        "SVG with a script in it",
        "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        r"not a children in need census: it begins with svg",
    ),
    refused(
        "a return of the year one",
        "a reference date of the year 1",
        WHOLE.replace("2026-03-31", "0001-01-01"),
        r"too long ago",
    ),
    refused(
        "a return of the year 9999",
        "a reference date of the year 9999",
        WHOLE.replace("2026-03-31", "9999-12-31"),
        r"still to come",
    ),
    refused("no child", "a census without a child", START + END, r"without a single child"),
    read(
        "XInclude",
        "an element that asks for /etc/passwd to be put there",
        whole('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>' + CHILD),
        rows={"ssd_person": 1},
    ),
    read(
        "stylesheet",
        "an instruction to fetch a stylesheet from the network",
        '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>' + WHOLE,
    ),
    read("UTF-16", "UTF-16 with its mark", WHOLE.encode("utf-16")),
    read(
        "namespaces",
        "elements of a stranger's namespace, and two hundred declared",
        whole(
            CHILD.replace("<CINdetails>", f"<CINdetails>{SPACES}" + "".join(f"</n{n}:x>" for n in reversed(range(200))))
        ),
        told=(("not an element known here; ignored", 4, "x"),),
    ),
    read(
        "unknown names",
        "fifty thousand unknown elements, every name another",
        whole(
            "".join(
                f"<Child><x{n}/><ChildIdentifiers><LAchildID>{ID}</LAchildID></ChildIdentifiers></Child>"
                for n in range(5_000)
            )
        ),
        told=(("of many kinds more that are not told one by one", 4, None),),
    ),
    read(
        "writing turned about",
        "an id with a character that turns the direction of writing",
        whole(CHILD.replace(ID, f"{ID}&#x202e;")),
        told=(("held characters that cannot be seen; read without them", 4, "pers_person_id"),),
    ),
    read(
        "bad dates and codes",
        "the 30th of February, the year 9999, a sex nobody knows",
        whole(CHILD.replace("2025-10-01", "2025-02-30").replace(BORN, "292278994-01-01")),
        told=(("there is no such date", 4, "CINreferralDate"), ("is not a date", 4, "PersonBirthDate")),
    ),
]
