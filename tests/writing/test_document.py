"""One tree, three writers: what is said is the same in each, and text is never markup in any."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from imr_rules.writing.document import (
    BREAK,
    Block,
    Bullets,
    Code,
    Details,
    Entry,
    Figure,
    Heading,
    Paragraph,
    Report,
    SideBySide,
    Span,
    Table,
    code,
    lines,
    quiet,
    strong,
    words,
)
from imr_rules.writing.html import html
from imr_rules.writing.markdown import markdown
from imr_rules.writing.terminal import terminal

HOSTILE = (
    "# no heading",
    "- no list",
    "12. no list",
    "> no quotation",
    "<script>alert(1)</script>",
    "[x](https://elsewhere.example)",
    "![y](https://elsewhere.example/y)",
    "[x]: https://elsewhere.example",
    "<https://elsewhere.example>",
    "*no* **emphasis** _at_ __all__",
    "`no code`",
    "a | b | c",
    "--- ",
    "&lt;kept&gt; \\* as it is",
    "one\n\n# two",
)
WORDS = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60)
)


def report(*blocks: object) -> Report:
    return Report("Title", tuple(blocks))  # type: ignore[arg-type]


def read_markdown(text: str) -> list[str]:
    """Return the tags that a reader of GitHub's Markdown makes of it."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    return [token.type for token in (*tokens, *inline)]


class Page(HTMLParser):
    """A page's words, its tags and whether they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br", "img", "source"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_make_no_markup(said: str) -> None:
    whole = report(Paragraph(said), Bullets.of([said]), Table((said, "b"), ((said, said),)), Heading(said))
    types = read_markdown(markdown(whole))
    assert types.count("heading_open") == 2  # the title and the heading
    assert types.count("bullet_list_open") == 1
    assert types.count("table_open") == 1
    assert not {"link_open", "image", "html_inline", "html_block", "em_open", "strong_open", "code_inline",
                "ordered_list_open", "blockquote_open", "hr"} & {*types}  # fmt: skip
    page = Page(html(whole))
    assert not {"a", "script", "img"} & {*page.tags}
    assert flat(page.words).count(flat(said)) == 6


@given(WORDS)
def test_every_writer_says_the_words(said: str) -> None:
    whole = report(Paragraph((strong("Said"), ": ", said)))
    assert flat(said) in flat(Page(html(whole)).words)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown(whole))
    read = [
        child.content for token in tokens for child in token.children or () if child.type != "html_inline"
    ]
    assert flat(said) in flat("".join(read))
    assert flat(said).replace(" ", "") in "".join(terminal(whole, width=40, color=False).split())


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(30, 100))
def test_no_line_is_wider_than_the_terminal(said: list[str], width: int) -> None:
    cells = tuple(said)
    inner = (Bullets.of(said), Paragraph(said[0]))
    whole = report(
        Heading(said[0]),
        Paragraph(cells),
        Heading(said[-1], 3),
        Bullets(tuple(Entry(each, inner, Span("✓ true", "good")) for each in said), "A list"),
        Table(("name", *(f"head {number}" for number, _ in enumerate(cells))), (("row", *cells),)),
        Code(f"key: {said[0]}"),
        Figure(said[0], said[-1], "<svg/>"),
        Details(said[0], inner),
        SideBySide((("Before", inner), ("After", inner))),
    )
    for line in terminal(whole, width=width, color=False).splitlines():
        assert cell_len(line) <= width


def test_a_table_is_set_in_columns_where_it_fits_and_row_by_row_where_it_does_not() -> None:
    whole = report(
        Table(("", "agreement", "upheld recall"), (("all items", "92% (84–97)", "100% (93–100)"),))
    )
    assert terminal(whole, width=60, color=False).splitlines()[2:] == [
        "           agreement    upheld recall",
        "all items  92% (84–97)  100% (93–100)",
    ]
    assert terminal(whole, width=30, color=False).splitlines()[2:] == [
        "all items",
        "  · agreement: 92% (84–97)",
        "  · upheld recall: 100%",
        "    (93–100)",
    ]


def test_the_heads_of_a_table_that_is_too_wide_stand_on_several_lines() -> None:
    heads = ("treatment", "items", "uphold to overturn", "overturn to uphold", "from review")
    table = Table(heads, (("all", "93", "0", "1", "2"),), frozenset({1, 2, 3, 4}))
    written = terminal(Report("Flips", (table,)), width=50).splitlines()
    assert [line.split() for line in written[-3:]] == [
        ["to", "to", "from"], ["treatment", "items", "overturn", "uphold", "review"], ["all", "93", "0", "1", "2"],
    ]  # fmt: skip
    stacked = terminal(Report("Flips", (table,)), width=20)
    assert "uphold to overturn: 0" in " ".join(stacked.split())


def test_the_one_wide_column_of_a_table_is_wrapped() -> None:
    said = "Physical therapy for the low back, twice a week for six weeks"
    whole = report(Table(("Item", "Suggestion", "Service"), (("item-1", "uphold", said),)))
    assert terminal(whole, width=60, color=False).splitlines()[2:] == [
        "Item    Suggestion  Service",
        "item-1  uphold      Physical therapy for the low back, twice",
        "                    a week for six weeks",
    ]


def test_a_table_without_rows_that_is_too_wide_shows_its_heads() -> None:
    written = terminal(
        Report("Flips", (Table(("the fact that is asked", "what is known of it now"), ()),)), width=30
    )
    assert {"asked", "now"} <= set(written.split())


def test_nothing_is_lost_where_the_terminal_is_too_narrow_for_all_that_stands_under_one_another() -> None:
    inner: tuple[Block, ...] = (Paragraph("attended before the operation"),)
    for said in ("true", "false", "unknown", "all of"):
        inner = (Bullets((Entry(said, inner, Span(f"✓ {said}", "good")),)),)
    written = "".join(terminal(report(*inner), width=30, color=False).split())
    assert "attendedbeforetheoperation" in written


def test_colors_only_where_they_are_wanted() -> None:
    whole = report(Bullets((Entry((strong("Ground 1"), ": said"), mark=Span("✗", "bad")),)))
    assert "\x1b[31m✗" in terminal(whole, width=60, color=True)
    assert "\x1b" not in terminal(whole, width=60, color=False)


def test_every_part_of_a_document_in_markdown() -> None:
    whole = Report(
        "Title",
        (
            Paragraph((code("an id"), " ", Span("a page", link="page.md"), ".")),
            Bullets((Entry("one", (Bullets.of(["inner"]),), Span("✓", "good")), Entry("two")), "List"),
            Table(("a", "b"), (("1", lines(["x", "y"])),)),
            Code("key: value", "yaml"),
            Figure("Picture", "what it shows", "<svg/>"),
            Details("More", (Paragraph("said"),)),
            SideBySide((("Before", (Paragraph("then"),)), ("After", (Paragraph("now"),)))),
        ),
        made="Made by a test.",
    )
    assert markdown(whole) == (
        "# Title\n\n<!-- Made by a test. -->\n\n`an id` [a page](page.md).\n\n"
        "**List:**\n\n- ✓ one\n  - inner\n\n- two\n\n"
        "| a | b |\n|---|---|\n| 1 | x<br>y |\n\n```yaml\nkey: value\n```\n\n"
        "**Picture**: what it shows\n\n<details><summary>More</summary>\n\nsaid\n\n</details>\n\n"
        "**Before**\n\nthen\n\n**After**\n\nnow\n"
    )


def test_code_that_holds_a_fence_stays_code() -> None:
    text = "```\nnot the end\n```\n# no heading"
    assert read_markdown(markdown(report(Code(text)))).count("fence") == 1
    assert read_markdown(markdown(report(Code(text)))).count("heading_open") == 1
    assert text in Page(html(report(Code(text)))).words


def test_a_page_loads_nothing_and_shows_its_picture_for_dark_screens_too() -> None:
    made = html(report(Figure("Picture", "what it shows", "<svg>light</svg>", "<svg>dark</svg>")))
    page = Page(made)
    assert page.tags.count("source") == page.tags.count("img") == 1
    assert made.count("data:image/svg+xml;base64,") == 2
    assert "http" not in made.replace("http-equiv", "")


def test_white_space_within_a_line_is_one_space() -> None:
    assert words(("a \n\t b", Span(" c  d "), BREAK, quiet("e"))) == "a b c d \ne"
