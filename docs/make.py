"""Write the reference pages, and what else is gathered, from the files that define things: `python -m docs.make`.

`python -m docs.make --check` writes nothing and ends with 1 when a page is behind its definitions.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import click
import typer.main

from lineofsight import cli, policy, schema
from lineofsight.cases import easily_lost, ten
from lineofsight.checks import layout as check_layouts
from lineofsight.checks import rules as check_rules
from lineofsight.measures import definitions
from lineofsight.measures.contract import OPTIONAL, ROW_COLUMNS
from lineofsight.measures.left_out import left_out
from lineofsight.schema import side
from lineofsight.web.access.offices import LEVEL_WORDS, SCOPE_WORDS, offices
from lineofsight.web.access.permissions import WORDS
from lineofsight.web.access.retention.classes import classes
from lineofsight.web.commitments import protocol
from lineofsight.web.improvement import rag

REFERENCE = Path(__file__).parent / "reference"
ROOT = Path(__file__).parent.parent
WIDTH = 120
# What the chapters of ASVS 5.0.0 are about.
CHAPTERS = (
    "Encoding",
    "Validation and logic",
    "Browser",
    "Web services",
    "Files",
    "Authentication",
    "Sessions",
    "Authorization",
    "Self-contained tokens",
    "OAuth and OIDC",
    "Cryptography",
    "Communication",
    "Configuration",
    "Data protection",
    "Coding and architecture",
    "Logging and errors",
    "WebRTC",
)
WRITTEN = "Written by `make docs` from the files that define it; change those.\n"


def main() -> int:
    """Write or check every page."""
    behind = []
    files = {**{f"docs/reference/{name}": make for name, make in PAGES.items()}, **GATHERED}
    for name, make in files.items():
        path, text = ROOT / name, make()
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            behind.append(name)
    for name in behind:
        print(f"{name} is behind its definitions: run 'make docs'.")
    return 1 if behind else 0


def commands() -> str:
    """Every command with its arguments, as its own help says."""
    group = typer.main.get_command(cli.app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    parts = [f"# Commands\n\n{WRITTEN}"]
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        help_text = (command.help or "").replace("\n\n", "\n\n").strip()
        parts.append(f"## `lineofsight {name}`\n\n{help_text}\n")
        options = [
            f"| `{' / '.join([*parameter.opts, *parameter.secondary_opts])}` | {getattr(parameter, 'help', '') or ''} |"
            for parameter in command.params
        ]
        if options:
            parts.append("| argument or option | |\n|---|---|\n" + "\n".join(options) + "\n")
    parts.append(
        "Ends with 0: done. 1: done, and something needs attention. 2: could not be done, with one sentence.\n"
    )
    return "\n".join(parts)


def measures() -> str:
    """Every measure: what it says, why it matters, and who looked at its definition."""
    parts = [f"# Measures\n\n{WRITTEN}"]
    area = ""
    for one in definitions.load().values():
        if one.area != area:
            area = one.area
            parts.append(f"## {area}\n")
        needs = "; ".join(f"{table} ({', '.join(columns)})" for table, columns in one.needs.items())
        spec = one.folder.relative_to(Path(__file__).parent.parent)
        parts.append(
            f"### {one.id} {one.title}\n\n{one.why_it_matters.strip()}\n\n"
            "| | |\n|---|---|\n"
            f"| counts | {one.counts}, of {one.denominator}; {one.kind}, {one.unit}; {one.basis} |\n"
            f"| better | {one.better} |\n"
            f"| timescales | {'; '.join(_clock(key) for key in one.timescales) or 'none'} |\n"
            f"| needs | {needs} |\n"
            f"| source | {one.source} |\n"
            f"| definition | by {one.author}, checked by {one.checker}, next looked at by {one.next_review} |\n"
            f"| worked examples | [spec.md](../../{spec}/spec.md) |\n"
        )
    parts.append("## What is not measured, and why\n\n| | would be | lacks |\n|---|---|---|")
    parts += [f"| {one.id} | {one.area}: {one.title} | {one.lacks} |" for one in left_out()]
    return "\n".join(parts) + "\n"


def groups() -> str:
    """Every group of children who are easily lost: who they are, why, and what each stands on."""
    parts = [f"# Children easily lost\n\n{WRITTEN}"]
    area = ""
    for one in easily_lost.groups().values():
        if one.area != area:
            area = one.area
            parts.append(f"## {area}\n")
        needs = "; ".join(f"{table} ({', '.join(columns)})" for table, columns in one.needs.items())
        spec = one.folder.relative_to(ROOT)
        parts.append(
            f"### {one.title}\n\n{one.sentence} {one.why_it_matters}\n\n"
            "| | |\n|---|---|\n"
            f"| timescales | {'; '.join(_clock(key) for key in one.timescales) or 'none'} |\n"
            f"| needs | {needs} |\n"
            f"| source | {one.source} |\n"
            f"| definition | by {one.author}, checked by {one.checker}, next looked at by {one.next_review} |\n"
            f"| worked examples | [spec.md](../../{spec}/spec.md) |\n"
        )
    return "\n".join(parts)


def the_ten() -> str:
    """Every rule of the ten, harm first: in words, with its weight, what it stands on, and who looked at it."""
    parts = [f"# The rules of the ten\n\n{WRITTEN}"]
    for theme in ten.THEMES:
        parts.append(f"## {theme.capitalize()}\n")
        for one in ten.load().values():
            if one.theme != theme:
                continue
            stands_on = f"rows of {one.measure}, {one.which}" if one.measure else "rule.sql"
            among = f", among: {', '.join(one.among)}" if one.among else ""
            spec = one.folder.relative_to(ROOT)
            parts.append(
                f"### {one.rule}\n\n{one.why.strip()}\n\n"
                "| | |\n|---|---|\n"
                f"| weight | {one.weight} of 5, order {one.order}, version {one.version} |\n"
                f"| stands on | {stands_on}{among} |\n"
                f"| timescales | {'; '.join(_clock(key) for key in one.timescales) or 'none of its own'} |\n"
                f"| definition | by {one.author}, checked by {one.checker}, next looked at by {one.next_review} |\n"
                f"| worked examples | [spec.md](../../{spec}/spec.md) |\n"
            )
    return "\n".join(parts)


def _clock(key: str) -> str:
    """A rule by its key, as it stands now, with what kind of rule it is."""
    rule = max((rule for rule in policy.load().rules if rule.key == key), key=lambda one: one.valid_from)
    return f"`{key}`, {rule.words()} ({rule.kind})"


def statutory_checks() -> str:
    """Every rule of every return that is checked: what is wrong where it fails, and what must hold."""
    parts = [f"# Statutory checks\n\n{WRITTEN}"]
    for code in check_layouts.RETURNS:
        layout = check_layouts.load(code)
        years = f"{layout.years[0]} to {layout.years[-1]}"
        parts.append(
            f"## The {layout.title}, {years}\n\n| rule | | what is wrong | what must hold | |\n|---|---|---|---|---|"
        )
        for one in check_rules.load(layout):
            since = f"since {one.first}" if one.first != layout.years[0] else ""
            told = [since, "worked out from its message and fields" if one.derived else "", one.note]
            cells = (one.code, one.severity, one.message, one.condition, ". ".join(filter(None, told)))
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


def needed() -> str:
    """The columns that some measure needs, which `sources` tells where a file lacks them."""
    lines = [f"# The columns that some measure needs, by table, in the table's order.\n# {WRITTEN}"]
    needs = [one.needs for one in definitions.load().values()]
    for name, table in sorted(schema.tables().items()):
        wanted = {column for each in needs for column in each.get(name, ())}
        columns = [f'"{column.name}"' for column in table.columns if column.name in wanted]
        line = f"{name} = [{', '.join(columns)}]"
        if len(line) > WIDTH:
            line = "\n".join([f"{name} = [", *(f"  {column}," for column in columns), "]"])
        lines += [line] if columns else []
    return "\n".join(lines) + "\n"


def rules() -> str:
    """Every timescale and threshold, with its kind and source."""
    lines = [f"# Policy\n\n{WRITTEN}", "| key | number | kind | in force | source |", "|---|---|---|---|---|"]
    for rule in policy.load().rules:
        until = "" if rule.valid_until == policy.rules.OPEN else f" to {rule.valid_until}"
        lines.append(f"| `{rule.key}` | {rule.words()} | {rule.kind} | {rule.valid_from}{until} | {rule.source} |")
    return "\n".join(lines) + "\n"


def tables() -> str:
    """Every table an extract may hold."""
    parts = [
        f"# Tables\n\n{WRITTEN}",
        "The tables of the Standard Safeguarding Dataset that we read, and side tables for what it lacks.\n",
    ]
    for table in sorted(schema.tables().values(), key=lambda one: (not one.side, one.name)):
        kind = " (side table)" if table.side else ""
        parts.append(f"## `{table.name}`{kind}\n\n{table.title}\n\n| column | kind | | |\n|---|---|---|---|")
        for column in table.columns:
            mark = "key" if column.name in table.key else "required" if column.required else ""
            parts.append(f"| `{column.name}` | {column.kind} | {mark} | {column.description} |")
        parts.append("")
    return "\n".join(parts)


def side_tables() -> str:
    """Each side table: what it is for, why it matters, its columns, and which measures need it."""
    parts = [
        f"# Side tables\n\n{WRITTEN}",
        "What the Safeguarding Dataset has no column for, as small files that an analyst exports. Leave out a file\n"
        "you cannot fill: what needs it says “not measured”, and nothing is taken for done. Files may be CSV or\n"
        "workbooks, headings in any order, dates day first. Ids of children, workers and teams are those of the\n"
        "other tables.\n\n"
        "`lineofsight template TABLE -o FILE.xlsx` writes an empty file, with a second sheet that says what each\n"
        "column is.\n",
    ]
    for name, told in side.words().items():
        layout = schema.tables()[name]
        files = "../../src/lineofsight/schema/side"
        parts.append(f"## {layout.title} (`{name}`)\n\n{told.for_what} {told.why}\n")
        parts.append(f"Where it usually stands: {told.stands_in[0].lower()}{told.stands_in[1:]}\n")
        parts.append(
            f"[Example]({files}/examples/{name}.csv), [query to adapt]({files}/queries/{name}.sql). "
            f"{_measures_with(name)}\n"
        )
        parts.append("| column | what it is | how it is written | needed |\n|---|---|---|---|")
        for column in layout.columns:
            cells = (f"`{column.name}`", column.description, side.written_as(column), side.needed(layout, column))
            parts.append(f"| {' | '.join(cells)} |")
        parts.append("")
    return "\n".join(parts)


def _measures_with(table: str) -> str:
    """Which measures cannot be made without a table, and which use it where it is there, as sentences."""
    catalogue = definitions.load()
    words = {name: set(re.findall(r"\w+", re.sub(r"--[^\n]*", " ", sql))) for name, sql in catalogue.views.items()}
    using = {table}
    for name in words:  # in their order: a view stands only on those before it
        if words[name] & using:
            using.add(name)
    needing = [one.id for one in catalogue.values() if table in one.needs]
    helped = [
        one.id for one in catalogue.values() if one.id not in needing and set(re.findall(r"\w+", one.sql)) & using
    ]
    lost = [f"“{one.title}”" for one in easily_lost.groups().values() if table in one.needs]
    told = [
        f"Needed by {', '.join(needing)}." if needing else "",
        f"Used by {', '.join(helped)}." if helped else "",
        f"Needed to tell children easily lost: {', '.join(lost)}." if lost else "",
    ]
    return " ".join(filter(None, told)) or "No measure uses it yet."


def row_contract() -> str:
    """The columns a measure's SQL gives."""
    lines = [
        f"# The row contract\n\n{WRITTEN}",
        "One row a child, worker or event, and as-at date. Every value, series and list is made of these rows.\n",
        "| column | type |",
        "|---|---|",
        *[f"| `{name}` | {kind.lower()} |" for name, kind in ROW_COLUMNS.items()],
        f"\n{' and '.join(f'`{name}`' for name in OPTIONAL)} may be left out. A measure that gives it says in "
        "`measure.toml` what it is called (`category`) and, where its values are codes, by which code list they "
        "are read (`categories`).",
    ]
    return "\n".join(lines) + "\n"


def who() -> str:
    """Every office: whose children, how plainly, and what it may do."""
    parts = [f"# Offices\n\n{WRITTEN}"]
    for one in offices().values():
        allowed = "\n".join(f"- {WORDS[capability]}" for capability in sorted(one.capabilities))
        parts.append(
            f"## {one.title} (`{one.slug}`)\n\n{one.description}\n\n"
            f"{SCOPE_WORDS[one.scope]}. {LEVEL_WORDS[one.level]}\n\nMay:\n\n{allowed}\n"
        )
    return "\n".join(parts)


def commitments() -> str:
    """Every commitment of the protocol in force."""
    lines = [
        f"# Commitments\n\n{WRITTEN}",
        "| commitment | who | how often | what it asks |",
        "|---|---|---|---|",
    ]
    for one in protocol.in_force().commitments:
        people = "; ".join(f"{seat.office} ({seat.role})" for seat in one.seats)
        lines.append(f"| {one.title} | {people} | {one.cadence.words} | {' '.join(one.asks.split())} |")
    return "\n".join(lines) + "\n"


def retention() -> str:
    """Every retention class: how long, from when, why, and who does what then."""
    lines = [
        f"# Retention\n\n{WRITTEN}",
        "Lengths marked local are a start: the authority sets its own in `retention.toml` in its home, with its\n"
        "reason. A legal hold keeps records past their time.\n",
        "| class | holds | kept | why | then | done by |",
        "|---|---|---|---|---|---|",
    ]
    for one in classes().values():
        since = f" from {one.from_words}" if one.months is not None else ""
        lines.append(
            f"| **{one.title}** (`{one.slug}`) | {one.holds} | {one.period()}{since} | {one.basis}: {one.why} "
            f"| {one.end_words} | {one.done_by} |"
        )
    return "\n".join(lines) + "\n"


def colours() -> str:
    """The rule by which an action is red, amber or green, in its order, and what stands beside it."""
    lines = [
        f"# Red, amber or green\n\n{WRITTEN}",
        "An action of a plan has its colour by this rule: the first line that holds decides. It is worked out again\n"
        "each day, and every colour an action has had is kept.\n",
        "| | colour | because | weeks |",
        "|---|---|---|---|",
        *[
            f"| {place} | {one.colour} | {one.words} (`{one.slug}`) | {one.weeks or ''} |"
            for place, one in enumerate(rag.rules(), start=1)
        ],
        "\n## What may stand in its place\n",
        "- A person who judges proof may set another colour, with a reason. Nobody can set green while proof that the\n"
        "  action calls for has not held. It stands until somebody goes back to the rule, calls for proof of what was\n"
        "  set green, or finds that a proof did not hold.\n"
        "- A colour loaded from a plan’s table stands as the table had it, until the next table, a person or a proof\n"
        "  that did not hold changes it.\n"
        "- An action that is opened again is red until a person says otherwise, and its proof starts anew.\n\n"
        "The page shows the colour in force, and beside it what the rule gives where the two differ.",
    ]
    return "\n".join(lines) + "\n"


def asvs() -> str:
    """The requirements of OWASP ASVS 5.0.0 at levels 1 and 2: met or not, why, where in the code, which test."""
    rows = list(csv.DictReader((Path(__file__).parent / "asvs.tsv").open(encoding="utf-8"), delimiter="\t"))
    counted = Counter(row["state"] for row in rows)
    parts = [
        f"# ASVS 5.0, level 2\n\n{WRITTEN}",
        "The 253 requirements of levels 1 and 2 of the OWASP Application Security Verification Standard 5.0.0, by\n"
        "number. What each one is about is said in our own few words; the standard itself (owasp.org, CC BY-SA 4.0)\n"
        "is what counts. This is our own judgement of the software, not an independent verification. *read* means\n"
        "that the code was read for it and no test holds it.\n",
        f"**{counted['met']} met, {counted['not met']} not met, {counted['not applicable']} not applicable.**\n",
        "## Not met\n",
        *[f"- **{row['number']}** {row['about']}: {row['why']}" for row in rows if row["state"] == "not met"],
    ]
    chapter = ""
    for row in rows:
        if (now := row["number"].split(".")[0]) != chapter:
            chapter = now
            parts.append(f"\n## V{chapter} {CHAPTERS[int(chapter) - 1]}\n")
            parts.append("| number | level | about | | why | code | test |\n|---|---|---|---|---|---|---|")
        code, tests = (" ".join(f"`{path}`" for path in row[name].split()) for name in ("code", "tests"))
        tests = tests.replace("`read`", "read")
        state = f"**{row['state']}**" if row["state"] == "not met" else row["state"]
        parts.append(
            f"| {row['number']} | {row['level']} | {row['about']} | {state} | {row['why']} | {code} | {tests} |"
        )
    return "\n".join(parts) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "measures.md": measures,
    "easily-lost.md": groups,
    "ten.md": the_ten,
    "rag.md": colours,
    "checks.md": statutory_checks,
    "policy.md": rules,
    "tables.md": tables,
    "side-tables.md": side_tables,
    "row-contract.md": row_contract,
    "offices.md": who,
    "commitments.md": commitments,
    "retention.md": retention,
    "asvs.md": asvs,
}

# By path from the root: what a lower floor must know of a higher one, gathered into a file of its own.
GATHERED: dict[str, Callable[[], str]] = {"src/lineofsight/schema/needed.toml": needed}

if __name__ == "__main__":
    sys.exit(main())
