"""The HTML page, looked at in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect
from tests.graph.trace_export.conftest import Looked
from tests.graph.trace_export.recorded import large_trace

from rockets_graph.trace.reader import open_trace
from rockets_graph.trace_export.html import write_html

CONTRAST = Path(__file__).with_name("contrast.js")


def made(trace: Path, folder: Path) -> Path:
    with open_trace(trace) as recorded:
        write_html(recorded, folder / "run.html")
    return folder / "run.html"


def look(page: Page, file: Path, fragment: str = "") -> None:
    page.goto(f"{file.as_uri()}{fragment}")
    page.wait_for_selector("html[data-ready]")


def choose(page: Page, title: str) -> None:
    page.locator(".row", has_text=title).first.click()


def test_shows_the_whole_run(page: Page, trace: Path, tmp_path: Path, complaints: Looked) -> None:
    look(page, made(trace, tmp_path))
    expect(page.locator("h1")).to_contain_text("shop-api failed")
    tiles = page.locator(".tiles")
    expect(tiles).to_contain_text("2 of 2")
    expect(tiles).to_contain_text("3,850")
    expect(tiles).to_contain_text("Files written")
    expect(page.locator(".failures li")).to_have_text(
        "smoke: deleteOne as user gave 200, expected 403."
    )
    assert page.locator("#lanes .name").all_inner_texts() == [
        "script",
        "generator",
        "reviewer",
        "tester",
    ]
    assert page.locator("#lanes .bar.model").count() == 4
    assert page.locator("#lanes .dot.message").count() == 2
    expect(page.locator("#messages li").first).to_contain_text(
        "reviewer → generator 4.1 s\nDeny by default", use_inner_text=True
    )
    spending = page.locator("#spending tbody tr")
    assert spending.count() == 3
    expect(spending.nth(1)).to_contain_text("reviewer")
    expect(spending.nth(1)).to_contain_text("$0.0042")
    assert page.locator("#waves .entity").count() == 2
    assert page.locator("#waves .edge").count() == 1
    expect(page.locator("#access .broken")).to_have_text("FAILED none")
    assert complaints == []


def test_an_event_shows_prompt_answer_and_difference(
    page: Page, trace: Path, tmp_path: Path, complaints: Looked
) -> None:
    look(page, made(trace, tmp_path))
    choose(page, "asks claude-haiku-4-5 (end_turn)")
    detail = page.locator("#detail")
    expect(detail).to_contain_text('{"findings": []}')
    prompt = detail.locator("details", has_text="Prompt, user")
    expect(prompt.locator("pre")).to_have_count(0)
    prompt.locator("summary").click()
    expect(prompt.locator("pre")).to_have_text("Review wave 1.")
    choose(page, "edit_file src/a.ts")
    changed = detail.locator("details", has_text="src/query.ts, changed")
    expect(changed.locator(".del")).to_have_text("-    return true;")
    expect(changed.locator(".add")).to_have_text("+    return false;")
    expect(detail.locator("details", has_text="src/new.ts, new").locator(".add")).to_have_count(1)
    expect(detail).not_to_contain_text("src/read.ts")
    assert complaints == []


def test_works_by_keyboard(page: Page, trace: Path, tmp_path: Path) -> None:
    look(page, made(trace, tmp_path))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the events")
    page.locator("#list").focus()
    title = page.locator("#detail h3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(title).to_have_text("integrate")
    chosen = page.locator("#list").get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("End")
    expect(title).to_have_text("run failed")
    page.keyboard.press("Home")
    expect(title).to_have_text("run begins, team")
    page.locator("#waves .entity").nth(1).focus()
    expect(page.locator("#waves .edge")).to_have_class("edge lit")


def test_filters_by_role_kind_wave_text_and_problems(
    page: Page, trace: Path, tmp_path: Path
) -> None:
    look(page, made(trace, tmp_path))
    count, filters = page.locator("#count"), page.locator("#filters")
    expect(count).to_have_text("27 events")
    filters.locator("[name=role]").select_option("reviewer")
    expect(count).to_have_text("10 of 27 events")
    filters.locator("[name=kind]").select_option("message")
    expect(count).to_have_text("2 of 27 events")
    filters.locator("[name=wave]").select_option("0")
    expect(count).to_have_text("1 of 27 events")
    page.evaluate("document.getElementById('filters').reset()")
    filters.locator("[name=text]").fill("RETURN FALSE")
    expect(count).to_have_text("2 of 27 events")
    expect(page.locator(".row").first).to_contain_text("edit_file")
    filters.locator("[name=text]").fill("")
    filters.locator("[name=bad]").check()
    expect(count).to_have_text("6 of 27 events")


def test_the_timeline_zooms_and_opens_events(page: Page, trace: Path, tmp_path: Path) -> None:
    look(page, made(trace, tmp_path))
    box = page.locator("#lanes svg").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + 3.5 * 34)
    expect(page.locator("#detail h3")).to_have_text("smoke")
    page.mouse.move(box["x"] + 1, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 10, steps=4)
    page.mouse.up()
    expect(page.locator("#count")).to_contain_text(" of 27 events")
    page.locator("#whole").click()
    expect(page.locator("#count")).to_have_text("27 events")


def test_a_link_names_an_event_by_its_beginning_or_its_end(
    page: Page, trace: Path, tmp_path: Path
) -> None:
    file = made(trace, tmp_path)
    for seq in (38, 39):
        look(page, file, f"#event-{seq}")
        expect(page.locator("#detail h3")).to_have_text("edit_file src/a.ts")
    page.locator(".failures a").click()
    expect(page.locator("#detail h3")).to_have_text("smoke")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_is_readable_in_both_schemes(page: Page, trace: Path, tmp_path: Path, scheme: str) -> None:
    """Text has the contrast that WCAG asks for (4.5 to 1), and the button changes the scheme."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    look(page, made(trace, tmp_path), "#event-38")
    for _ in range(2):
        assert page.evaluate(CONTRAST.read_text()) == []
        page.locator("#theme").click()


def test_fits_a_narrow_window(page: Page, trace: Path, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    look(page, made(trace, tmp_path))
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_a_hundred_entities_do_not_freeze_it(
    page: Page, tmp_path: Path, complaints: Looked
) -> None:
    file = made(large_trace(tmp_path / "run"), tmp_path)
    look(page, file)
    expect(page.locator("#count")).to_have_text("3211 events")
    assert page.locator("*").count() < 6_000
    page.locator("#filters [name=text]").fill("part-29.ts")
    expect(page.locator("#count")).to_have_text("100 of 3211 events")
    page.locator("#filters [name=text]").fill("")
    expect(page.locator("#count")).to_have_text("3211 events")
    page.locator("#list").focus()
    page.keyboard.press("End")
    expect(page.locator("#detail h3")).to_contain_text("asks claude-haiku-4-5")
    assert complaints == []


def test_its_policy_lets_nothing_in_or_out(page: Page, trace: Path, tmp_path: Path) -> None:
    look(page, made(trace, tmp_path))
    text = (tmp_path / "run.html").read_text()
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", text)
    with pytest.raises(Error):
        page.add_script_tag(content="window.hacked = 1")
    assert page.evaluate("window.hacked") is None
    refused = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'came', error => `${error}`)")
    assert "Failed to fetch" in refused
    style = (
        "document.body.setAttribute('style', 'color: red'); getComputedStyle(document.body).color"
    )
    assert page.evaluate(style) != "rgb(255, 0, 0)"
