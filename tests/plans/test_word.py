"""Word documents: what is printed is what is read, and what is beside the text is told."""

import io
import re

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from tests.plans.a_plan import five, of, told
from tests.plans.office import C, docx, in_document, picture, saved, with_part

from lineofsight.errors import PlainError
from lineofsight.plans.rows import NO_TABLE
from lineofsight.plans.word import ASIDE, HIDDEN, PICTURE, TEXT_BOX

HEADS = ["Action", "Lead", "Deadline", "Progress", "RAG"]
ROW = ["Visit", "Ada Quill", "Immediate", "MARK", "Red"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
IN_BOX = "<w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
# A text box as Word writes it: once for itself, once more for older programs.
BOX = (
    '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    f'<mc:Choice Requires="wps"><w:drawing>{IN_BOX}</w:drawing></mc:Choice>'
    f"<mc:Fallback><w:pict>{IN_BOX}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)
DELETED = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
END_DELETED = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def with_progress(inside: str) -> bytes:
    """A plan of one action whose progress is this piece of the document's own markup."""
    return in_document(
        docx([HEADS, ROW]), lambda xml: re.sub(r"<w:p>(?:(?!</w:p>).)*MARK.*?</w:p>", inside, xml, flags=re.DOTALL)
    )


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        (
            f"<w:p>{run('One ')}<w:ins>{run('new ')}</w:ins>{DELETED}{run('end')}</w:p>",
            "One new end",
        ),
        (f"<w:p><w:moveFrom>{run('gone')}</w:moveFrom><w:moveTo>{run('come')}</w:moveTo></w:p>", "come"),
        (
            f"<w:p>{END_DELETED}{run('One ')}</w:p><w:p>{run('two')}</w:p><w:p>{run('Three')}</w:p>",
            "One two\n\nThree",
        ),
        (f"<w:p>{run('a')}<w:r><w:br/><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r></w:p>", "a\nb-c"),
        (
            f"<w:p><w:hyperlink>{run('a link')}</w:hyperlink>"
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' a field')}</w:sdtContent></w:sdt></w:p>",
            "a link a field",
        ),
        (f"<w:sdt><w:sdtContent><w:p>{run('in a control')}</w:p></w:sdtContent></w:sdt>", "in a control"),
        (f"<w:p><w:r><w:instrText>PAGE</w:instrText></w:r>{run('3')}</w:p>", "3"),
        ("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:t> done</w:t></w:r></w:p>", "✓ done"),
        (
            f"<w:tbl><w:tr><w:tc><w:p>{run('x')}</w:p></w:tc><w:tc><w:p>{run('y')}</w:p></w:tc></w:tr></w:tbl><w:p>{run('z')}</w:p>",
            "x\n\ny\n\nz",
        ),
        ("<w:p/>", ""),
    ],
)
def test_a_cell_is_read_as_it_would_be_printed(inside: str, read: str) -> None:
    table = of(with_progress(inside))
    assert (table.rows[0].progress, told(table)) == (read, [])


@pytest.mark.parametrize(
    ("inside", "note"),
    [
        (BOX + f"<w:p>{run('text')}</w:p>", (2, "", "In a box", TEXT_BOX)),
        (f"<w:p><w:r><w:drawing/></w:r>{run('text')}</w:p>", (2, "", "", PICTURE)),
        (f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>{run('text')}</w:p>", (2, "", "", HIDDEN)),
    ],
)
def test_what_is_not_text_of_the_cell_is_told(inside: str, note: tuple[int, str, str, str]) -> None:
    table = of(with_progress(inside))
    assert (table.rows[0].progress, told(table)) == ("text", [note])


def test_a_text_box_outside_the_table_is_told() -> None:
    data = in_document(docx([HEADS, ROW]), lambda xml: xml.replace("<w:body>", "<w:body>" + BOX))
    assert told(of(data)) == [(0, "", "In a box", TEXT_BOX)]


def test_a_row_that_was_deleted_is_not_read_and_one_that_was_inserted_is() -> None:
    def also(document) -> None:
        for row, change in ((1, "del"), (2, "ins")):
            document.tables[0].rows[row]._tr.get_or_add_trPr().append(OxmlElement(f"w:{change}"))

    table = of(docx([HEADS, ROW, ["Call", "Milo Hart", "May", "Begun", "Green"]], also=also))
    assert [(row.action, row.place.row) for row in table.rows] == [("Call", 3)]


def test_lists_are_read_as_lists_and_numbers_count_on_or_begin_again() -> None:
    def also(document) -> None:
        cell = document.tables[0].cell(1, 3)
        for style, words in [
            ("List Bullet", "a"),
            ("List Bullet", "b"),
            (None, "Then:"),
            ("List Number", "c"),
            ("List Number", "d"),
            ("List Bullet 2", "e"),
            ("List Number", "f"),
        ]:
            cell.add_paragraph(words, style)

    table = of(docx([HEADS, ROW], also=also))
    assert table.rows[0].progress == "MARK\n\n• a\n• b\n\nThen:\n\n1. c\n2. d\n\n• e\n\n3. f"


def test_the_number_word_sets_before_an_action_is_no_part_of_it() -> None:
    def also(document) -> None:
        for row in (1, 2):
            document.tables[0].cell(row, 0).paragraphs[0].style = "List Number"

    table = of(docx([HEADS, ROW, ["Call", "Milo Hart", "May", "Begun", "Green"]], also=also))
    assert [row.action for row in table.rows] == ["Visit", "Call"]


def test_a_list_taken_out_of_its_style_is_a_paragraph() -> None:
    inside = (
        f'<w:p><w:pPr><w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>{run("plain")}</w:p>'
    )
    assert of(with_progress(inside)).rows[0].progress == "plain"


@pytest.mark.parametrize(
    ("shading", "rag"),
    [
        ('<w:shd w:val="clear" w:fill="00B050"/>', "green"),
        ('<w:shd w:val="solid" w:color="FFC000" w:fill="FFFFFF"/>', "amber"),
        ('<w:shd w:val="clear" w:color="auto" w:fill="auto"/>', None),
        ('<w:shd w:val="clear" w:fill="FF0000" w:themeFill="accent2" w:themeFillTint="99"/>', "red"),
    ],
)
def test_the_shading_of_a_cell_is_its_fill(shading: str, rag: str | None) -> None:
    def also(document) -> None:
        made = parse_xml(shading.replace("<w:shd", f"<w:shd {W}", 1))
        document.tables[0].cell(1, 4)._tc.get_or_add_tcPr().append(made)

    assert of(docx([HEADS, [*ROW[:4], ""]], also=also)).rows[0].rag == rag


def test_a_plan_within_the_cell_of_a_table_around_it_is_found() -> None:
    document = Document()
    outer = document.add_table(1, 2)
    inner = outer.cell(0, 1).add_table(2, 5)
    for across, (head, text) in enumerate(zip(HEADS, ROW, strict=True)):
        inner.cell(0, across).text, inner.cell(1, across).text = head, text
    assert [row.action for row in of(saved(document)).rows] == ["Visit"]


def test_comments_and_footnotes_are_told() -> None:
    document = Document(io.BytesIO(docx([HEADS, ROW])))
    document.add_comment(document.paragraphs[0].runs, text="Is this so?", author="A. Reader")
    assert told(of(saved(document))) == [(0, "", "", ASIDE["comments"])]


def test_a_picture_beside_a_plan_is_told_and_the_plan_is_read() -> None:
    def also(document) -> None:
        document.tables[0].cell(1, 4).paragraphs[0].add_run().add_picture(io.BytesIO(picture()))

    table = of(docx([HEADS, ROW], also=also))
    assert (five(table)[0][4], told(table)) == ("red", [(2, "", "", PICTURE)])


def test_tables_that_are_no_plan_are_told_and_without_a_plan_the_file_is_refused() -> None:
    table = of(docx([["Name", "Date"], ["x", "y"]], [HEADS, ROW]))
    assert [(one.place.table, one.why) for one in table.not_understood] == [("table 1", NO_TABLE)]
    with pytest.raises(PlainError, match="holds no action plan that could be found"):
        of(docx([["Name", "Date"], ["x", "y"]]))


def test_macros_and_links_outside_are_neither_run_nor_followed() -> None:
    outside = 'Target="http://example.invalid/macro.dotm" TargetMode="External"'
    data = with_part(docx([HEADS, ROW]), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0 not run")
    data = in_document(
        data,
        lambda xml: xml.replace(
            "</Relationships>", f'<Relationship Id="x9" Type="a/attachedTemplate" {outside}/></Relationships>'
        ),
        "word/_rels/document.xml.rels",
    )
    assert len(of(data, "plan.docm").rows) == 1


def test_a_strict_document_is_read_like_any_other() -> None:
    old, new = (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    data = in_document(docx([HEADS, ROW]), lambda xml: xml.replace(old, new))
    assert len(of(data).rows) == 1


def test_a_cell_merged_with_nothing_above_is_a_cell_of_its_own() -> None:
    data = in_document(
        docx([HEADS, [C("Visit"), *ROW[1:]]]),
        lambda xml: xml.replace("<w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/>', 1).replace(
            "<w:tcPr>", "<w:tcPr><w:hMerge/>", 1
        ),
    )
    assert len(of(data).rows) == 1
