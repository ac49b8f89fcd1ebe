#!/usr/bin/env python3
"""The pages as a shopper and a merchandiser use them, in headless Chromium; screenshots go to var/screenshots.

    test_pages.py [WORD…]        only the tests whose name holds one of the words

With SOUK_URL set, the tests that any shop can pass run against that server; SOUK_CONSOLE_NAME and SOUK_CONSOLE_PASSWORD log in.
"""

import json
import os
import sys
import time
import traceback
import urllib.request
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

import mock_server

SHOTS = Path(__file__).resolve().parents[2] / "var/screenshots"
REAL = os.environ.get("SOUK_URL", "").rstrip("/")
BASE = REAL or f"http://127.0.0.1:{mock_server.start().server_port}"
NAME = os.environ.get("SOUK_CONSOLE_NAME", "" if REAL else "ada")
PASSWORD = os.environ.get("SOUK_CONSOLE_PASSWORD", "" if REAL else "correct horse battery")
TESTS = []


def test(needs_mock=False, needs_login=False):
    def register(function):
        if not (needs_mock and REAL) and not (needs_login and not NAME):
            TESTS.append(function)
        return function
    return register


def open_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"):
        options.add_argument(argument)
    if spoken := os.environ.get("SOUK_SPOKEN"):
        # A microphone that plays a file, once.
        for argument in ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={spoken}%noloop"):
            options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


class Page:
    """The browser with the few verbs that the tests speak."""

    def __init__(self, driver):
        self.driver = driver

    def size(self, width, height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def dark(self, is_dark):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def go(self, address):
        self.driver.get("about:blank")
        self.driver.get(BASE + address)

    def wait(self, condition, what, seconds=8):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.05, ignored_exceptions=(Exception,)).until(lambda _: condition(), f"waited in vain for {what}")

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.wait(lambda: next((each for each in self.all(selector) if each.is_displayed()), None), selector)

    def text(self, selector):
        return self.one(selector).text

    def sees(self, selector, part):
        self.wait(lambda: any(part in each.text or part in (each.get_property("textContent") or "") for each in self.all(selector) if each.is_displayed()), f"“{part}” in {selector}")

    def click(self, selector):
        # A list may be drawn anew between the look and the click.
        for attempt in range(3):
            try:
                element = self.one(selector)
                self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
                return element.click()
            except StaleElementReferenceException:
                if attempt == 2:
                    raise

    def type(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def shot(self, name):
        self.driver.save_screenshot(str(SHOTS / f"{name}.png"))

    def fits(self):
        width, inner = self.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        assert width <= inner, f"the page is {width} px wide in a window of {inner} px"


def received(name):
    with urllib.request.urlopen(f"{BASE}/__mock/events") as answer:
        return [event for event in json.load(answer) if event["name"] == name]


def fresh(page):
    """A new visitor: empty basket, no household, logged out, no events."""
    page.size(1360)
    page.dark(False)
    page.go("/favicon.svg")
    page.driver.delete_all_cookies()
    page.driver.execute_script("localStorage.clear(); sessionStorage.clear()")
    if not REAL:
        urllib.request.urlopen(f"{BASE}/__mock/reset").read()
    page.driver.get_log("browser")


@test()
def the_front_page_shows_departments_and_popular_products(page):
    page.go("/")
    page.one(".department")
    page.one(".shelf .product")
    assert page.driver.execute_script("return document.documentElement.lang") == "en"
    page.sees("#synthetic-note", "synthetic")
    page.shot("home")


@test(needs_mock=True)
def a_new_visitor_chooses_tastes(page):
    page.go("/")
    page.one(".taste")
    assert len(page.all(".taste")) <= 12 and not page.one(".tastes-actions .button").is_enabled()
    names = [each.text for each in page.all(".taste-name")][:3]
    for place in (1, 2, 3):
        page.click(f".tastes li:nth-child({place}) .taste")
    assert not page.all(".taste")[3].is_enabled(), "three are enough"
    page.shot("tastes")
    page.click(".tastes-actions .button")
    page.sees(".tastes-line", names[0])
    page.sees("[data-list=home] .reason", "Because you like")
    page.go("/")
    page.sees("[data-list=home] .shelf-title", "Picked for you")
    assert not page.all(".taste"), "nobody is asked twice in a visit"
    page.click(".tastes-line button")
    page.click(".tastes-skip")
    page.sees("[data-list=home] .shelf-title", "Popular now")
    page.go("/")
    page.sees("[data-list=home] .shelf-title", "Popular now")
    assert not page.all(".taste"), "who passed is not asked again"
    page.size(390)
    page.fits()


@test(needs_mock=True)
def a_branch_is_chosen_and_kept(page):
    page.go("/")
    page.sees("[data-list=new_arrivals] .reason", "New in the shop")
    page.one("#branch")
    assert not page.all("[data-list=near_you]"), "a stranger chooses a branch first"
    Select(page.one("#branch")).select_by_visible_text("Old Harbour")
    page.sees("[data-list=near_you] .shelf-subtitle", "Bought at Old Harbour lately")
    page.one("[data-list=near_you] .product")
    page.shot("near-you")
    page.go("/")
    page.sees("[data-list=near_you] .shelf-subtitle", "Old Harbour")
    page.fits()


@test(needs_mock=True)
def a_category_page_shows_its_best(page):
    page.go("/#/search?category=Grocery")
    page.sees("[data-list=category] .shelf-title", "Popular in Grocery")
    page.one("[data-list=category] .product")
    page.shot("category-shelf")
    page.go("/#/search?q=cola&category=Grocery")
    page.one(".product-grid .product")
    assert not page.all("[data-list=category]"), "a search has no shelf in its way"


@test()
def typing_suggests_and_the_mouse_chooses(page):
    page.go("/")
    page.click("#search-input")
    page.type("ban")
    page.one(".suggestion")
    assert page.one("#search-input").get_attribute("aria-expanded") == "true"
    page.shot("suggest")
    page.click(".suggestion-item")
    page.one(".product-page h1")


@test()
def the_keyboard_alone_searches(page):
    page.go("/")
    page.one(".department")
    page.type("/")
    page.type("ban")
    page.one(".suggestion")
    page.type(Keys.ARROW_DOWN)
    box = page.one("#search-input")
    active = box.get_attribute("aria-activedescendant")
    assert active and page.one(f"#{active}").get_attribute("aria-selected") == "true"
    page.type(Keys.ESCAPE)
    page.wait(lambda: not any(each.is_displayed() for each in page.all(".suggestions")), "the list to close")
    assert box.get_attribute("value") == "ban", "Escape must bring back what was typed"
    page.type("anas", Keys.ENTER)
    page.one(".product-grid .product")
    assert "q=bananas" in page.driver.current_url
    assert page.driver.switch_to.active_element.tag_name == "h1", "focus goes to the heading of the results"


@test()
def the_skip_link_leads_to_the_content(page):
    page.go("/")
    page.one(".department")
    page.driver.execute_script("document.activeElement.blur(); document.querySelector('.skip-link').focus()")
    page.type(Keys.ENTER)
    page.wait(lambda: page.driver.switch_to.active_element.get_attribute("id") == "main", "the focus in main")


@test(needs_mock=True)
def a_misspelling_is_corrected_and_said(page):
    page.go("/#/search?q=bananna")
    page.sees(".relaxation", "Showing results for bananas")
    page.shot("typo")
    page.click(".relaxation a")
    page.one(".empty")
    page.shot("empty")


@test(needs_mock=True)
def a_price_in_the_words_is_shown_and_can_be_taken_away(page):
    page.go("/#/search?q=bananas%20under%20%245")
    page.sees(".understood", "Price: under $5")
    page.click(".understood a")
    page.one(".empty")


@test(needs_mock=True)
def facets_narrow_and_back_restores(page):
    page.go("/#/search?category=Grocery")
    page.sees(".results-count", "35")
    page.click("[data-facet=brand][data-value=Private]")
    page.sees(".results-count", "15")
    page.sees(".chip", "Private")
    page.sees(".choice", "National")
    page.shot("facets")
    page.driver.back()
    page.sees(".results-count", "35")
    page.click("[data-facet=brand][data-value=Private]")
    page.sees(".results-count", "15")
    page.driver.refresh()
    page.sees(".results-count", "15")
    page.click(".chip[aria-label*=Private]")
    page.sees(".results-count", "35")


@test(needs_mock=True)
def price_stock_sorting_and_pages_work(page):
    page.go("/#/search?category=Grocery&sort=price_asc")
    page.sees(".results-count", "35")
    prices = [float(each.text.strip("$")) for each in page.all(".product-grid .price-now")]
    assert prices == sorted(prices) and len(prices) >= 20, prices
    page.click(".pages [rel=next]")
    page.wait(lambda: "page=2" in page.driver.current_url and len(page.all(".product-grid .product")) == 11, "page two")
    page.click("input[name=max]")
    page.type("3.00", Keys.ENTER)
    page.sees(".chip", "Up to $3.00")
    page.click(".switch input")
    page.sees(".chip", "In stock")
    page.wait(lambda: not page.all(".product-grid .is-sold-out") and page.all(".product-grid .product"), "nothing sold out")


@test()
def the_product_page_has_shelves_with_reasons(page):
    page.go("/#/search?q=yogurt")
    page.click(".product-grid .product-link")
    page.one(".product-page .facts")
    page.one(".shelf[data-list=similar] .product .reason")
    page.shot("product")


@test(needs_mock=True)
def a_set_is_added_with_one_button(page):
    page.go("/#/search?q=yogurt")
    page.click(".product-grid .product-link")
    page.sees(".bundle h2", "Often bought as a set")
    assert len(page.all(".bundle-item")) == 3
    page.sees(".bundle-saving", "You save")
    page.click(".bundle .button")
    page.go("/#/basket")
    page.wait(lambda: len(page.all(".basket-line")) == 3, "the set's products in the basket")
    page.go("/#/search?q=yogurt")
    page.click(".product-grid .product-link")
    page.one(".bundle .button")
    page.driver.execute_script("document.querySelector('.bundle').scrollIntoView()")
    page.shot("bundle")


@test()
def a_product_that_is_gone_says_so(page):
    page.go("/#/item/does-not-exist")
    page.sees(".notice", "no longer here")
    page.driver.get_log("browser")  # The 404 is in the browser's log, rightly.


@test(needs_mock=True)
def a_basket_goes_through_the_demo_checkout(page):
    page.go("/#/search?q=greek%20yogurt")
    page.click(".product-grid .button-add")
    page.sees("#basket-count", "1")
    page.click("#basket-link")
    page.click("[aria-label^='More: Quantity']")
    page.sees("#basket-count", "2")
    page.one(".shelf[data-list=complete_basket] .product")
    page.shot("basket")
    page.click("#checkout")
    page.sees(".demo-flag", "Demonstration")
    page.click("#place-order")
    page.sees(".thanks", "Thank you")
    if not REAL:
        page.sees("[data-list=after_purchase] .reason", "that you bought")
    page.wait(lambda: received("purchase") and received("begin_checkout"), "the purchase event")
    [purchase] = received("purchase")
    [line] = purchase["items"]
    assert purchase["list"] == "demo_checkout" and line["quantity"] == 2 and purchase["session"], purchase
    added = received("add_to_cart")[0]
    assert added["impression_id"] == "imp-search-1" and added["query"] == "greek yogurt" and added["items"][0]["position"] == 1, added
    assert received("search")[0]["query"] == "greek yogurt" and received("search")[0]["result_count"] == 4
    assert len(received("view_item_list")[0]["items"]) == 4
    assert not any(each.is_displayed() for each in page.all("#basket-count"))


@test(needs_mock=True)
def choices_and_views_are_sent_with_their_positions(page):
    page.go("/#/search?q=milk")
    page.click(".product-grid li:nth-child(2) .product-link")
    page.click(".rate-star:nth-child(4)")
    page.wait(lambda: received("select_item") and received("view_item") and received("rate_item"), "the events")
    [selected], [viewed], [rated] = received("select_item"), received("view_item"), received("rate_item")
    assert selected["items"][0]["position"] == 2 and selected["list"] == "search", selected
    assert viewed["items"][0]["item_id"] == selected["items"][0]["item_id"] and rated["rating"] == 4
    assert len({event["event_id"] for event in (selected, viewed, rated)}) == 3


@test()
def a_household_sees_its_own_shelves(page):
    page.go("/#/for-you")
    Select(page.one("#household")).select_by_index(2)
    page.sees("h1", "For household")
    page.one(".shelf .product .reason")
    page.shot("for-you")
    page.driver.refresh()
    page.sees("#household-name", "Household")
    page.dark(True)
    page.one(".shelf .product")
    page.shot("for-you-dark")


@test()
def nothing_overflows_a_phone(page):
    page.size(390, 844)
    for name, address, ready in (("home", "/", ".shelf .product"), ("results", "/#/search?q=milk", ".product-grid .product"), ("for-you", "/#/for-you", ".shelf .product"), ("basket", "/#/basket", ".notice")):
        page.go(address)
        page.one(ready)
        page.fits()
        page.shot(f"phone-{name}")
    page.go("/#/search?q=milk")
    page.click(".product-grid .product-link")
    page.one(".product-page .facts")
    page.fits()
    page.shot("phone-product")
    page.go("/#/search?q=milk")
    page.click(".facets-open")
    page.one("#facets .choice label")
    time.sleep(0.4)
    page.shot("phone-facets")
    page.click("#facets .choice input")
    page.one(".chip")
    page.wait(lambda: not page.all(".offcanvas-backdrop"), "the panel to close")
    page.fits()


@test(needs_mock=True)
def a_hostile_title_is_only_text(page):
    page.go("/#/search?q=candy")
    page.sees(".product-title", mock_server.XSS)
    assert page.all(".product-title mark") and not page.all(".product-title img")
    page.go("/#/item/66613")
    page.sees("h1", mock_server.XSS)
    assert page.driver.title.startswith("<img"), page.driver.title
    page.go("/#/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    page.one(".empty")
    assert not page.all("main img")


def log_in(page, password=PASSWORD):
    page.go("/console")
    page.one("input[name=name]").send_keys(NAME)
    page.one("input[name=password]").send_keys(password, Keys.ENTER)


def forget_refusals(page):
    """Before the log-in the browser notes a 401, rightly; anything else stays an error."""
    return [entry for entry in page.driver.get_log("browser") if "401" not in entry["message"]]


@test(needs_login=True)
def a_wrong_password_is_refused(page):
    log_in(page, "wrong")
    page.one("#login-problem [role=alert]")
    page.shot("console-refused")
    assert not page.all(".console-nav")
    assert not forget_refusals(page)


@test(needs_login=True)
def a_merchandiser_sees_the_shop_at_work(page):
    log_in(page)
    page.one(".stat-value")
    assert not forget_refusals(page)
    page.sees("#live-summary", "events in the last hour")
    page.wait(lambda: page.driver.execute_script("return document.querySelector('canvas').width > 300"), "the chart")
    page.shot("console-overview")
    for name, title in (("queries", "Queries without results"), ("audit", "Who changed what"), ("generations", "Published"), ("report", "Evaluation report")):
        page.click(f".console-nav [data-page={name}]")
        page.sees("h1, h2", title)
        page.shot(f"console-{name}")
    page.size(390, 844)
    page.click(".console-nav [data-page='']")
    page.one(".stat-value")
    page.fits()
    page.shot("console-phone")
    page.click("#logout")
    page.one("input[name=name]")


@test(needs_login=True)
def the_analyser_draws_why_a_product_ranks(page):
    log_in(page)
    page.one(".stat-value")
    assert not forget_refusals(page)
    page.click(".console-nav [data-page=analyser]")
    page.one("input[name=q]").send_keys("greek yogurt", Keys.ENTER)
    page.one(".tree .tree-value")
    page.shot("console-analyser")


@test(needs_login=True, needs_mock=True)
def new_items_are_reported(page):
    log_in(page)
    page.one(".stat-value")
    assert not forget_refusals(page)
    page.click(".console-nav [data-page=new-items]")
    page.sees("td", "Oat drink, 1 l")
    page.sees("td", "5.0 % to 9.5 %")
    page.sees("td", "after 2 days")
    page.sees("td", "not yet")
    page.sees(".stat-value", "7.4 % of 10.0 %")
    page.shot("console-new-items")
    page.size(390, 844)
    page.fits()


@test(needs_login=True, needs_mock=True)
def curves_follow_a_training(page):
    log_in(page)
    page.one(".stat-value")
    assert not forget_refusals(page)
    page.click(".console-nav [data-page=networks]")
    page.sees("td", "training")
    page.sees("h2", "cnn: loss")
    page.wait(lambda: page.driver.execute_script("return document.querySelector('canvas').width > 300"), "the chart")
    epochs = page.one(".stat-value").text
    page.wait(lambda: page.one(".stat-value").text != epochs, "another epoch", 15)
    page.shot("console-networks")
    page.click("tbody tr:nth-child(2) button")
    page.sees("td", "0.0584")
    page.click(".network-parts button:nth-of-type(1)")
    page.wait(lambda: page.one(".stat-value").text == "3", "the epochs of the part that chose")
    assert page.one(".network-parts [aria-pressed=true]").text == "choosing"
    page.size(390, 844)
    page.fits()


@test(needs_login=True, needs_mock=True)
def two_ways_to_search_are_compared(page):
    log_in(page)
    page.one(".stat-value")
    assert not forget_refusals(page)
    page.click(".console-nav [data-page=compare]")
    page.one("textarea[name=queries]").send_keys("greek yogurt")
    Select(page.one("[name=b-join]")).select_by_visible_text("by reciprocal ranks")
    page.click(".compare-form button")
    page.sees("td", "Judged: NDCG@10")
    page.sees("td", "0.91")
    page.sees("td", "greek yogurt")
    page.shot("console-compare")
    page.size(390, 844)
    page.fits()


@test(needs_mock=True)
def a_household_switches_its_usual_goods_off_and_an_empty_page_is_filled(page):
    page.go("/#/search?q=yogurt")
    page.one(".product-grid")
    assert not page.all(".personal-switch")
    page.driver.execute_script("localStorage.setItem('souk.grocery.household', '900')")
    page.go("/#/search?q=yogurt")
    first = page.wait(lambda: page.one(".product-grid li").text, "a product")
    page.click(".personal-switch input")
    page.wait(lambda: page.one(".product-grid li").text != first, "another order")
    page.go("/#/search?q=xylophone")
    page.sees(".filler h2", "What others buy here")
    page.sees(".empty h2", "Nothing found")


@test(needs_login=True, needs_mock=True)
def a_person_is_explained_and_a_generation_rolled_back(page):
    log_in(page)
    page.one(".stat-value")
    assert not forget_refusals(page)
    page.click(".console-nav [data-page=people]")
    page.sees(".example", "900")
    page.one("input[name=user]").send_keys("900", Keys.ENTER)
    page.sees(".tag-due", "due")
    page.sees("td", "Popular with households like yours")
    assert len(page.all("#person-shelf .part-legend li")) == 5
    page.click(".what-if")
    page.sees("#what-if", "As if never bought")
    page.click("#what-if .chip-button")
    page.wait(lambda: not page.all("#what-if .chip-button") and not page.all(".what-if:checked"), "nothing forgotten")
    page.one("input[name=purchase]").send_keys(page.text("#purchase-list tbody tr:nth-child(3) td").split()[0])
    page.wait(lambda: "of" in page.text("#purchase-list .table-foot") and len(page.all("#purchase-list tbody tr")) > 0, "purchases")
    page.click("#purchase-list .what-if")
    page.sees("#what-if .chip-button", "2017")
    Select(page.one("#shelf")).select_by_value("buy_again")
    page.sees(".shelf-reason", mock_server.REASONS["buy_again"])
    page.click(".made summary")
    page.sees(".made-list", "Own purchases and rhythm")
    Select(page.one("#way")).select_by_value("mmr:0.3")
    page.wait(lambda: sum("up" in each.text or "down" in each.text or "new" in each.text for each in page.all("#person-shelf td")) > 3, "another order")
    page.shot("console-people")
    page.click(".console-nav [data-page=queries]")
    page.sees("td", mock_server.XSS)
    page.click(".console-nav [data-page=generations]")
    page.click("tbody tr:nth-child(2) button")
    page.sees("tbody button", "Really go to 6?")
    page.click("tbody tr:nth-child(2) button")
    page.sees(".message-good", "Generation 6")
    page.click(".console-nav [data-page=audit]")
    page.sees("td", "rollback")


def main():
    SHOTS.mkdir(parents=True, exist_ok=True)
    words = sys.argv[1:]
    page, failed, chosen = Page(open_browser()), 0, [each for each in TESTS if not words or any(word in each.__name__ for word in words)]
    try:
        for function in chosen:
            title, start = function.__name__.replace("_", " "), time.monotonic()
            try:
                fresh(page)
                function(page)
                noise = [entry["message"] for entry in page.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
                assert not noise, f"the browser complains: {noise}"
                print(f"ok    {title} ({time.monotonic() - start:.1f} s)", flush=True)
            except Exception:
                failed += 1
                page.shot(f"failed-{function.__name__}")
                print(f"FAIL  {title}\n{traceback.format_exc()}", flush=True)
    finally:
        page.driver.quit()
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
