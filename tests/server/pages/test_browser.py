"""The reviewer's pages in a real Chromium: every task from the first click to the stored record, by mouse and by
keyboard alone; axe on every page; two widths, two schemes, twice the size, print.

Screenshots are kept in ``$SCREENSHOTS``, or in the temporary directory, to be looked at.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imr_rules.server import keys
from tests.paths import ROOT
from tests.reading.letters.written import LINES, write_pdf
from tests.server.pages.reader import SEED_CASE, THERAPY
from tests.server.running import Running, started

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = Path(os.environ.get("SCREENSHOTS") or Path(tempfile.gettempdir()) / "imr-rules-screenshots")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

if CHROMIUM is None:
    pytest.skip(
        "SKIPPED LOUDLY: no chromium here (Debian, Ubuntu: apt install chromium)", allow_module_level=True
    )
sync_api = pytest.importorskip("playwright.sync_api", reason="SKIPPED LOUDLY: playwright is not installed")
axe_module = pytest.importorskip("axe_playwright_python", reason="SKIPPED LOUDLY: axe is not installed")
expect = sync_api.expect
expect.set_options(timeout=20_000)
AXE = (Path(axe_module.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with started(f"sqlite:///{tmp_path}/store.sqlite3", request_seconds=300) as found:  # a busy machine
        yield found


class Desk:
    """A reader's desk: a page, and all it complained of."""

    def __init__(self, browser: Any, running: Running, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.running = running
        self.trouble: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)

    def _console(self, said: Any) -> None:
        if said.type in ("error", "warning"):
            self.trouble.append(said.text)

    def _dialog(self, dialog: Any) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.running.url, "data:")):
            self.trouble.append(f"from elsewhere: {request.url}")

    def go(self, url: str) -> Any:
        self.page.goto(self.running.url + url)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def shot(self, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def check(self) -> None:
        """Hold the page to WCAG 2.2 AA as far as a machine can, and to its own width."""
        self.page.evaluate(AXE)
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", WCAG)
        said = [
            f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
            for each in found["violations"]
        ]
        assert said == []
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, "the page must be scrolled sideways"
        assert self.trouble == []


@pytest.fixture(params=[(1280, "light"), (390, "dark")], ids=["desk", "telephone"])
def desk(browser: Any, running: Running, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk by day and a telephone by night: every task is tried on both."""
    width, scheme = request.param
    found = Desk(browser, running, viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield found
    found.context.close()


def stored(running: Running, id: str) -> dict[str, Any]:
    found: dict[str, Any] = running.client.get(f"/v1/screenings/{id}").json()
    return found


def taken(running: Running, case: dict[str, Any]) -> str:
    return str(running.posted(case)["id"])


LOOKS: list[Any] = [
    pytest.param(
        {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}, id=f"{width}-{scheme}"
    )
    for width in (1280, 390)
    for scheme in ("light", "dark")
] + [pytest.param({"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}, id="at-200-percent")]


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_passes_axe_and_fits(
    browser: Any, running: Running, look: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    id = taken(running, THERAPY)
    seed = taken(running, SEED_CASE)
    desk = Desk(browser, running, **look)
    name = request.node.callspec.id
    pages = {
        "worklist": "/",
        "case": f"/cases/{id}",
        "seed": f"/cases/{seed}",
        "determination": f"/cases/{seed}/determination",
        "edit": f"/cases/{id}/edit",
        "new": "/new",
        "rulebook": "/rulebook?q=physical+medicine",
        "guideline": "/rulebook/guidelines/mtus/chronic-pain-2009/physical-medicine",
        "sign-in": "/sign-in",
    }
    for title, url in pages.items():
        desk.go(url)
        desk.check()
        desk.shot(f"{title}-{name}")
    # The letter with an outcome picked, the form with what it asks, the case with everything open.
    page = desk.go(f"/cases/{seed}/determination")
    page.check("[name='outcome:item-1'][value=uphold]")
    page.wait_for_selector("#text-item-1-rationale")
    desk.check()
    desk.shot(f"letter-{name}")
    page = desk.go("/new")
    page.fill("[name='item:0:service']", "Physical therapy 6 visits, right shoulder")
    page.press("[name='item:0:service']", "Tab")
    page.wait_for_selector("text=Understood:")
    desk.check()
    desk.shot(f"form-asks-{name}")
    # The case with everything open: criteria, numbers, what if.
    desk.go(f"/cases/{seed}")
    for each in desk.page.locator("details > summary").all():
        if each.is_visible():
            each.click()
    desk.page.wait_for_selector(".ways")
    desk.page.wait_for_load_state("networkidle")
    desk.check()
    desk.shot(f"seed-open-{name}")
    desk.context.close()


def test_a_missing_page_is_a_page_too(desk: Desk) -> None:
    desk.go("/cases/" + "0" * 32)
    expect(desk.page.locator("h1")).to_be_visible()
    desk.trouble.clear()  # the browser itself notes a 404
    desk.check()


def test_by_keyboard_alone_from_the_worklist_to_the_signed_record(desk: Desk, running: Running) -> None:
    id = taken(running, SEED_CASE)
    taken(running, THERAPY)
    page = desk.go("/")
    press = page.keyboard.press

    def reach(selector: str, most: int = 200) -> None:
        """Go on with Tab until an element has the focus."""
        for _ in range(most):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            press("Tab")
        raise AssertionError(f"Tab does not reach {selector}")

    press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    press("Enter")
    reach("[data-row]")
    press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == f"/cases/{id}"
    press("ArrowUp")
    press("ArrowDown")
    press("Enter")
    page.wait_for_url(f"**/cases/{id}")
    page.wait_for_load_state("networkidle")

    reach("details.criterion > summary")
    press("Enter")
    expect(page.locator("details.criterion").first.locator(".cite").first).to_be_visible()

    reach("details.whatif > summary")
    press("Enter")
    page.wait_for_selector(".ways")
    reach("select[name='finding:rationale']")
    press("y")
    press("Tab")
    expect(page.locator(".suggestion")).to_contain_text("on two grounds")
    expect(page.locator(".tried-now")).to_contain_text("As tried:")
    expect(page.locator(".suggestion")).to_contain_text("1 fact changed, nothing stored")
    assert len(running.client.get("/v1/screenings").json()["screenings"]) == 2
    reach("textarea[name=reason]")
    page.keyboard.type("The request of 6 August gives its reason.")
    press("Tab")
    press("Enter")
    page.wait_for_selector("text=Amends")
    amended = re.search(r"/cases/([0-9a-f]{32})", page.url)
    assert amended
    record = stored(running, amended[1])
    assert record["amends"] == id
    assert record["amendment"]["reason"] == "The request of 6 August gives its reason."

    reach("a.button[href*='/determination']")
    press("Enter")
    page.wait_for_selector("#letter")
    reach("[name='outcome:item-1']")
    press("Space")
    page.wait_for_selector("#text-item-1-rationale")
    reach("[data-next-blank]")
    press("Enter")
    assert (
        page.evaluate(
            "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
        )
        == "[case number]"
    )
    page.keyboard.type("CM00-0000001")
    reach("#specialty")
    page.keyboard.type("Psychology")
    press("Tab")
    expect(page.locator("#text-reviewer")).to_have_value(re.compile("Psychology"))
    reach("[name=attested]")
    press("Space")
    reach("[name=with_blanks]")
    press("Space")
    reach(".sign button")
    press("Enter")
    page.wait_for_selector("p.signed")
    (signed,) = stored(running, amended[1])["signoffs"]
    assert (signed["outcome"], signed["position"], signed["specialty"]) == ("uphold", "agree", "psychology")
    desk.shot("signed")
    desk.check()


def test_what_if_follows_a_change_and_an_offer_and_goes_back(desk: Desk, running: Running) -> None:
    page = desk.go(f"/cases/{taken(running, SEED_CASE)}")
    page.click("details.whatif > summary")
    page.wait_for_selector(".ways")
    suggestion = page.locator(".suggestion")
    page.fill("input[name='course:0:attended']", "2")
    page.press("input[name='course:0:attended']", "Tab")
    expect(page.locator(".asks .criteria")).not_to_contain_text("the guideline allows 6 to 10.")
    assert (
        page.locator(".tried-now").bounding_box()["y"] >= 0
    )  # what it leads to stays in view of what is changed
    page.wait_for_selector("figure .tried svg")
    expect(page.locator(".row.changed")).to_have_count(1)
    page.click("text=Back to what is recorded")
    expect(suggestion).to_contain_text("on three grounds")
    expect(page.locator(".row.changed")).to_have_count(0)
    page.locator(".ways button").first.click()
    expect(suggestion).to_contain_text("As recorded it supports upholding; as tried it supports overturning.")
    desk.shot("what-if")
    desk.check()
    assert len(running.client.get("/v1/screenings").json()["screenings"]) == 1


def test_a_case_is_entered_by_form_in_ten_fields(desk: Desk, running: Running) -> None:
    """An intake nurse with the request and the denial in hand: ten fields to a first answer."""
    page = desk.go("/")
    page.click("text=Enter a case >> nth=1")
    given = 0

    def fill(name: str, text: str) -> None:
        nonlocal given
        page.fill(f"[name='{name}']", text)
        page.press(f"[name='{name}']", "Tab")
        given += 1

    fill("item:0:service", "Physical therapy 2 times a week for 4 weeks, low back")
    expect(page.locator("#needed")).to_contain_text("physical therapy, 8 visits, low back")
    expect(page.locator("#f-item-0-region option:checked")).to_have_text("low back (by its words)")
    page.select_option("[name='item:0:decision']", "denied")
    fill("injury", "08/01/2013")
    fill("request", "03/01/2014")
    page.select_option("[name=read]", "all")
    page.check("[name=document_kinds][value=progress_report]")
    given += 3
    expect(page.locator("#needed")).to_contain_text("So far:")
    page.wait_for_load_state("networkidle")
    for _ in range(4):
        if (
            "supports" in page.locator("#needed").inner_text()
            or "support " in page.locator("#needed").inner_text()
        ):
            break
        field = page.locator("#needed select, #needed input").filter(has_not_text="never").first
        name = field.get_attribute("name")
        if field.evaluate("e => e.tagName") == "SELECT":
            page.select_option(f"[name='{name}']", "yes")
        else:
            fill(name, "2")
            given -= 1
        given += 1
        page.wait_for_timeout(400)
        page.wait_for_load_state("networkidle")
    assert given <= 10
    desk.check()
    desk.shot("form-answered")
    page.click("text=Screen the case")
    page.wait_for_url("**/cases/*")
    (item,) = stored(running, page.url.split("/cases/")[1][:32])["screening"]["items"]
    assert item["in_dispute"] == {"value": 8, "unit": "visit"}
    print(f"first answer after {given} fields: {item['suggestion']}")


def test_a_mistake_is_marked_at_its_field_and_has_the_focus(desk: Desk) -> None:
    page = desk.go("/new")
    page.fill("[name='item:0:service']", "Acupuncture, 6 visits")
    page.fill("[name=injury]", "some day")
    page.click("text=Screen the case")
    page.wait_for_selector("[aria-invalid=true]")
    assert page.evaluate("document.activeElement.name") == "injury"
    expect(page.locator("#f-injury-wrong")).to_contain_text("03/14/2017")
    expect(page.locator("[name='item:0:service']")).to_have_value("Acupuncture, 6 visits")
    desk.trouble.clear()  # the browser notes the 422
    desk.check()
    desk.shot("form-mistake")
    page.fill("[name=injury]", "2012")
    page.click("text=Screen the case")
    page.wait_for_url("**/cases/*")


def test_a_letter_is_dropped_confirmed_and_stored(desk: Desk, running: Running, tmp_path: Path) -> None:
    content = write_pdf(tmp_path / "letter.pdf", LINES).read_bytes()
    page = desk.go("/new")
    transfer = page.evaluate_handle(
        """bytes => { const moved = new DataTransfer();
        moved.items.add(new File([Uint8Array.from(bytes)], 'letter.pdf', {type: 'application/pdf'})); return moved; }""",
        list(content),
    )
    page.dispatch_event(".drop:has(#letter)", "drop", {"dataTransfer": transfer})
    page.wait_for_selector("text=Draft from papers", timeout=120_000)
    desk.check()
    desk.shot("letter")
    assert page.locator("input[type=checkbox]:checked").count() == 0
    for pointer in ("/worker/age", "/items/0/in_dispute", "/history/0"):
        page.check(f"input[value='{pointer}']")
    page.click("text=Screen what is ticked")
    page.wait_for_url("**/cases/*")
    record = stored(running, page.url.split("/cases/")[1][:32])
    item = record["screening"]["items"][0]
    assert item["in_dispute"] == {"value": 4, "unit": "visit"}
    desk.shot("letter-case")
    desk.check()


def test_the_determination_is_written_taken_away_and_signed_against_the_suggestion(
    browser: Any, running: Running, tmp_path: Path
) -> None:
    id = taken(running, SEED_CASE)
    desk = Desk(browser, running, accept_downloads=True)
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = desk.go(f"/cases/{id}")
    page.click("text=Write the determination")
    page.check("[name='outcome:item-1'][value=overturn]")
    page.wait_for_selector("#text-item-1-rationale")
    expect(page.locator(".notice.warn")).to_contain_text("the reviewer is overturning")
    before = page.locator("[data-blanks]").inner_text()
    written = "The record of 5 August shows a relapse on page 7."
    page.fill("#text-item-1-rationale", written)
    assert page.locator("[data-blanks]").inner_text() != before
    expect(page.locator("[data-kept]")).to_have_text("Saved.")
    page.reload()
    expect(page.locator("#text-item-1-rationale")).to_have_value(written)
    page.check("[name=sheet]")
    with page.expect_download() as got:
        page.click("text=PDF draft")
    got.value.save_as(tmp_path / "letter.pdf")
    import pypdfium2

    document = pypdfium2.PdfDocument(tmp_path / "letter.pdf")
    text = " ".join(each.get_textpage().get_text_range() for each in document)
    assert "a relapse on page 7" in " ".join(text.split())
    assert "Working sheet" in text
    document.close()
    page.click("text=Copy as text")
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert "a relapse on page 7" in page.evaluate("navigator.clipboard.readText()")
    page.fill("#specialty", "Psychology")
    page.press("#specialty", "Tab")
    expect(page.locator("#text-reviewer")).to_have_value(re.compile("Psychology"))
    page.select_option("[name='item-1:reason_code']", "record_shows_otherwise")
    page.fill("[name='item-1:reason']", "Relapse, page 7.")
    page.check("[name=attested]")
    page.click(".sign button")
    page.wait_for_selector("text=blanks are left in this letter")  # a second yes is wanted
    page.check("[name=attested]")
    page.check("[name=with_blanks]")
    page.click(".sign button")
    page.wait_for_selector("p.signed")
    (signed,) = stored(running, id)["signoffs"]
    assert (signed["position"], signed["reason_code"]) == ("override", "record_shows_otherwise")
    assert signed["letter"].startswith("sha256:")
    assert [each for each in desk.trouble if "422" not in each] == []
    desk.context.close()


def test_the_letter_survives_a_reload_a_second_window_and_a_lost_session(
    desk: Desk, running: Running
) -> None:
    id = taken(running, SEED_CASE)
    page = desk.go(f"/cases/{id}/determination")
    page.check("[name='outcome:item-1'][value=uphold]")
    page.wait_for_selector("#text-item-1-rationale")
    # A reload before anything was sent: what was typed is still there, and is saved.
    page.fill("#text-summary", "Typed and not yet sent.")
    page.reload()
    expect(page.locator("#text-summary")).to_have_value("Typed and not yet sent.")
    expect(page.locator("[data-kept]")).to_have_text("Saved.")
    # A second window writes; the first one is told, and keeps its own.
    other = desk.context.new_page()
    other.goto(page.url)
    other.fill("#text-summary", "From the other window.")
    expect(other.locator("[data-kept]")).to_have_text("Saved.")
    other.close()
    page.fill("#text-summary", "From this window.")
    expect(page.locator("[data-letter-trouble]")).to_contain_text("another window")
    page.click("text=Keep mine")
    expect(page.locator("[data-kept]")).to_have_text("Saved.")
    desk.trouble.clear()
    # The session is over: what is typed stays, and is saved after signing in elsewhere.
    _, text = keys.create(running.service.store, scopes=["read", "screen", "sign"])
    running.service.authenticator._read_at = float("-inf")
    page.fill("#text-summary", "After the session was over.")
    expect(page.locator("[data-letter-trouble]")).to_contain_text("session is over")
    expect(page.locator("#text-summary")).to_have_value("After the session was over.")
    window = desk.context.new_page()
    window.goto(running.url + "/sign-in")
    window.fill("#key", text)
    window.click("main button")
    window.wait_for_selector("text=Worklist")
    window.close()
    page.click("text=Save again")
    expect(page.locator("[data-kept]")).to_have_text("Saved.")
    page.reload()
    expect(page.locator("#text-summary")).to_have_value("After the session was over.")
    desk.trouble.clear()
    desk.check()


def test_whoever_types_on_while_the_letter_is_drawn_loses_nothing(desk: Desk, running: Running) -> None:
    """The state is left by the tab key and the specialty typed at once, as people do."""
    id = taken(running, SEED_CASE)
    page = desk.go(f"/cases/{id}/determination")
    page.check("[name='outcome:item-1'][value=uphold]")
    page.wait_for_selector("#text-item-1-rationale")
    page.click("#states")
    for text in ("California", "Pain medicine"):
        page.keyboard.type(text, delay=40)
        page.keyboard.press("Tab")
    page.keyboard.type("r-7", delay=40)
    expect(page.locator("#text-reviewer")).to_have_value(
        re.compile("licensed in California, is certified in Pain medicine")
    )
    for field, text in (("states", "California"), ("specialty", "Pain medicine"), ("reviewer", "r-7")):
        expect(page.locator(f"#{field}")).to_have_value(text)
    page.reload()
    expect(page.locator("#text-reviewer")).to_have_value(re.compile("California, is certified in Pain"))


class Steps:
    """Does what a user clicks, fills in or chooses, and counts it."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(self, act: Any, *arguments: Any) -> None:
        """Take one step."""
        act(*arguments)
        self.taken += 1


def test_the_seed_is_read_and_signed_in_few_clicks(desk: Desk, running: Running) -> None:
    """A reviewer reads the mission's case and signs its letter; what is clicked and filled in is counted."""
    id = taken(running, SEED_CASE)
    page = desk.go("/")
    step = Steps()

    step(page.click, f"a[href='/cases/{id}']")
    expect(page.locator(".suggestion")).to_contain_text("on three grounds")
    step(page.click, "text=Write the determination")
    step(page.check, "[name='outcome:item-1'][value=uphold]")
    page.wait_for_selector("#text-item-1-rationale")
    step(page.fill, "#states", "California")
    page.press("#states", "Tab")
    expect(page.locator("#text-reviewer")).to_have_value(re.compile("California"))
    step(page.fill, "#specialty", "Psychology")
    page.press("#specialty", "Tab")
    expect(page.locator("#text-reviewer")).to_have_value(re.compile("Psychology"))
    for name, text in (
        ("case", "CM00-0000001"), ("review", "May 1, 2014"), ("application", "May 20, 2014"), ("priority", "Regular"),
    ):  # fmt: skip
        step(page.fill, f"#head-{name}", text)
    step(page.click, "text=Citations checked")
    expect(page.locator("[data-blanks]")).to_have_text("No blank is left.")
    step(page.check, "[name=attested]")
    step(page.click, ".sign button")
    page.wait_for_selector("p.signed")
    assert step.taken <= 14
    (signed,) = stored(running, id)["signoffs"]
    assert (signed["outcome"], signed["position"]) == ("uphold", "agree")
    print(f"the seed's letter signed after {step.taken} steps")


def test_a_question_is_answered_where_it_is_asked(desk: Desk, running: Running) -> None:
    id = taken(running, THERAPY)
    page = desk.go(f"/cases/{id}")
    expect(page.locator("#therapy .answer fieldset")).to_contain_text("notes, page 9")
    panel = page.locator("#therapy")
    panel.locator("[name='value:finding:surgery_done']").select_option("no")
    panel.locator("[name='document:finding:surgery_done']").select_option("pr2")
    panel.locator("[name='page:finding:surgery_done']").fill("3")
    panel.locator("input[name='side:finding:home_program']").first.check()
    panel.locator("text=Save what is answered").click()
    page.wait_for_selector("text=Amends")
    new = re.search(r"/cases/([0-9a-f]{32})", page.url)
    assert new
    changes = stored(running, new[1])["amendment"]["changes"]["items"][0]["findings"]
    assert changes["surgery_done"]["evidence"] == {"document": "pr2", "page": 3}
    assert changes["home_program"] == {"value": True, "evidence": {"document": "pr2", "page": 2}}
    desk.check()


def test_a_stored_fact_is_corrected_where_it_stands(desk: Desk, running: Running) -> None:
    id = taken(running, THERAPY)
    page = desk.go(f"/cases/{id}")
    assert page.title() == "DEMO-1, 2 disputed items · imr-rules"
    line = page.locator(".record dd").filter(has=page.locator("[value='/injury/date']"))
    expect(line).to_contain_text("March 14, 2012")
    line.locator("summary").click()
    line.locator("[name=value]").fill("3/15/2012")
    line.locator("[name=document]").select_option("pr2")
    line.locator("[name=page]").fill("1")
    desk.check()
    desk.shot("correcting")
    line.locator("button").click()
    page.wait_for_selector("text=Amends")
    new = re.search(r"/cases/([0-9a-f]{32})", page.url)
    assert new
    changes = stored(running, new[1])["amendment"]["changes"]
    assert changes["injury"] == {"date": "2012-03-15", "evidence": [{"document": "pr2", "page": 1}]}
    assert not re.search(r"\d{4}-\d\d", page.inner_text("main"))  # every date as Americans write it


def test_what_was_tried_is_saved_with_its_source(desk: Desk, running: Running) -> None:
    id = taken(running, THERAPY)
    page = desk.go(f"/cases/{id}")
    form = page.locator("#try-therapy")
    page.locator("#therapy details.whatif > summary").click()
    form.locator("[name='finding:surgery_done']").select_option("no")
    page.wait_for_selector("#tried-therapy:has-text('As tried')")
    form.locator("[name=document]").select_option("notes")
    form.locator("[name=page]").fill("4")
    form.locator("[name=reason]").fill("read again")
    form.locator("text=Save as an amendment").click()
    page.wait_for_selector("text=Amends")
    new = re.search(r"/cases/([0-9a-f]{32})", page.url)
    assert new
    amendment = stored(running, new[1])["amendment"]
    assert amendment["reason"] == "read again (notes, page 4)"
    finding = amendment["changes"]["items"][0]["findings"]["surgery_done"]
    assert finding == {"value": False, "evidence": {"document": "notes", "page": 4}}


def test_papers_lead_to_a_first_answer_in_few_steps(desk: Desk, running: Running) -> None:
    """An intake nurse with the request and the denial as files; what is clicked and chosen is counted."""
    papers = ROOT / "docs" / "papers"
    page = desk.go("/")
    step = Steps()

    step(page.click, "text=Enter a case >> nth=1")
    step(page.set_input_files, "#rfa", papers / "request.pdf")
    step(page.set_input_files, "#ur", papers / "decision.pdf")
    step(page.click, "text=Read these papers")
    page.wait_for_selector("text=Draft from papers", timeout=120_000)
    desk.check()
    desk.shot("papers")
    step(page.click, "[data-tick-all]")
    step(page.click, "text=Screen what is ticked")
    page.wait_for_url("**/cases/*")
    expect(page.locator(".suggestion").first).to_be_visible()
    desk.check()
    assert step.taken <= 6
    print(f"first answer from papers after {step.taken} steps")


def test_the_lean_comes_before_the_suggestion_where_that_is_asked_for(desk: Desk, running: Running) -> None:
    id = taken(running, SEED_CASE)
    page = desk.go("/")
    page.click("text=Hide suggestions")
    page.click(f"a[href='/cases/{id}']")
    page.wait_for_selector("text=Your own lean first")
    expect(page.locator("main")).not_to_contain_text("grounds")
    page.wait_for_load_state("networkidle")
    desk.check()
    desk.shot("blind")
    page.check("[name=lean][value=overturn]")
    page.click("text=Record my lean")
    expect(page.locator(".suggestion")).to_contain_text("on three grounds")


def test_text_of_a_case_does_nothing(desk: Desk, running: Running) -> None:
    case = copy.deepcopy(THERAPY)
    hostile = (
        '"><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)> javascript:alert(4)'
    )
    case["items"][0]["service"] = hostile
    case["diagnoses"][0]["text"] = hostile
    case["documents"][0]["author"] = hostile
    case["history"][0]["attended"]["evidence"]["place"] = hostile
    id = taken(running, case)
    for url in ("/", f"/cases/{id}", f"/cases/{id}/determination"):
        page = desk.go(url)
        assert "alert(1)" in page.content()
        assert page.locator("img[src=x]").count() == 0
        desk.check()


def test_a_session_that_is_over_asks_for_the_key_and_stores_nothing(desk: Desk, running: Running) -> None:
    id = taken(running, SEED_CASE)
    key, text = keys.create(running.service.store, scopes=["read", "screen", "sign"])
    running.service.authenticator._read_at = float("-inf")
    page = desk.go("/")
    assert page.url.endswith("/sign-in")
    page.fill("#key", text)
    page.click("main button")
    page.wait_for_selector("text=Worklist")
    page = desk.go(f"/cases/{id}")
    keys.revoke(running.service.store, key.id)
    running.service.authenticator._read_at = float("-inf")
    page.click("details.whatif > summary")
    page.wait_for_url(re.compile(r"/sign-in\?back="))
    assert id in page.url  # and leads back to the case


def test_an_editor_sees_the_fixtures_and_gets_the_receipt_of_an_edit(desk: Desk) -> None:
    pytest.importorskip("z3", reason="SKIPPED LOUDLY: z3 is not installed, so no receipt was tried")
    page = desk.go("/rulebook?q=behavioral+interventions")
    page.click("a[href$='chronic-pain-2009/behavioral-interventions']")
    page.locator("#fixtures").scroll_into_view_if_needed()
    page.wait_for_selector("[aria-labelledby=fixtures] table", timeout=180_000)
    expect(page.locator("[aria-labelledby=fixtures]")).to_contain_text("seed-cbt-relaxation")
    source = page.locator("#source")
    source.fill(source.input_value().replace("visits: [6, 10]", "visits: [6, 12]"))
    page.click("text=Write the receipt")
    expect(page.locator(".receipt")).to_contain_text("uphold → overturn", timeout=300_000)
    desk.check()
    desk.shot("receipt")


def test_it_prints_as_a_report(desk: Desk, running: Running) -> None:
    page = desk.go(f"/cases/{taken(running, THERAPY)}")
    page.emulate_media(media="print")
    for hidden in (".bar nav", ".whatif", "text=Write the determination"):
        assert not page.locator(hidden).first.is_visible()
    expect(page.locator(".suggestion").first).to_be_visible()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.pdf(path=SHOTS / "case-printed.pdf", format="Letter")
    seed = desk.go(f"/cases/{taken(running, SEED_CASE)}")
    printed = seed.pdf(path=SHOTS / "seed-printed.pdf", format="Letter")
    import pypdfium2

    assert len(pypdfium2.PdfDocument(printed)) == 1
    desk.shot("case-printed")
    assert desk.trouble == []


def test_one_case_opens_without_an_account_or_a_database(browser: Any, tmp_path: Path) -> None:
    started_ = subprocess.Popen(
        [sys.executable, "-c", "from imr_rules.cli import main; main()", "open",
         "fixtures/determinations/seed-cbt-relaxation.yaml", "--no-browser"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    try:
        assert started_.stdout is not None
        url = started_.stdout.readline().strip()
        page = browser.new_page()
        page.goto(url)
        expect(page.locator(".suggestion")).to_contain_text("on three grounds")
        page.close()
    finally:
        started_.terminate()
        started_.wait(30)
        assert started_.stdout
        started_.stdout.close()
    assert not list(tmp_path.rglob("*.sqlite3"))
