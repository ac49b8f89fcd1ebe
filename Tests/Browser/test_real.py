#!/usr/bin/env python3
"""The pages against the real server with a small shop of its own: what any shop can pass, and a merchandiser at work.

    test_real.py [SOUK] [WORD…]      the debug build unless named; only the tests whose name holds one of the words
"""

import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from picture_files import write_pictures

KINDS = [("Bananas", "Produce > Fruit", "kg"), ("Orange juice", "Grocery > Drinks", "l"), ("Whole milk", "Dairy > Milk", "l"),
         ("Greek yogurt", "Dairy > Yogurt", "g"), ("Wheat bread", "Bakery > Bread", "g"), ("Paper towels", "Household > Paper", "rolls")]


def write_feeds(folder):
    with open(folder / "items.csv", "w", newline="") as file:
        rows = [{"id": f"i{n}", "title": f"{KINDS[n % 6][0]} {['small', 'large', 'family'][n % 3]} {n}", "product_type": KINDS[n % 6][1], "brand": ["National", "Private"][n // 6 % 2],
                 "price": f"{1 + n % 7}.{n % 10}0 USD", "size": f"{n % 4 + 1} {KINDS[n % 6][2]}", "availability": "out of stock" if n == 7 else "in stock"} for n in range(60)]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with open(folder / "events.jsonl", "w") as file:
        for day in range(90):
            for household in range(1, 13):
                if (day + household) % 3 == 0:
                    lines = [{"item_id": f"i{(household + 5 * k + day // 30) % 60}", "quantity": 1, "price": 2.5} for k in range(4)]
                    date = f"2025-{1 + day // 30:02d}-{1 + day % 28:02d}T09:{household:02d}:00Z"
                    json.dump({"event_id": f"b{day}-{household}", "event_name": "purchase", "time": date, "user_id": str(household), "currency": "USD", "items": lines}, file)
                    file.write("\n")
        for number, (query, found) in enumerate([("milk", 10), ("kleenex", 0), ("paper towels", 10)]):
            json.dump({"event_id": f"s{number}", "event_name": "search", "time": "2025-04-01T09:00:00Z", "session": "one", "query": query, "result_count": found}, file)
            file.write("\n")
        for number in range(3):
            for place, (name, query) in enumerate([("search", "serviettes"), ("search", "paper towels"), ("select_item", "paper towels")]):
                event = {"event_id": f"p{number}-{place}", "event_name": name, "time": f"2025-04-02T09:{number:02d}:{place:02d}Z", "session": f"pair{number}", "query": query}
                json.dump(event | ({"items": [{"item_id": "i5"}]} if name == "select_item" else {}), file)
                file.write("\n")


def start(souk, folder):
    """Makes the shops and serves them; returns the process, its address and the console's password."""
    shop = folder / "corner"

    def run(*words):
        subprocess.run([souk, *words], check=True, capture_output=True, text=True, timeout=300)

    write_feeds(folder)
    run("init", "--shop", shop, "--title", "Corner shop", "--currency", "USD", "--demo")
    run("import", "--shop", shop, "--items", folder / "items.csv", "--events", folder / "events.jsonl")
    for step in ("index", "train", "publish"):
        run(step, "--shop", shop)
    fashion = folder / "fashion"
    write_pictures(folder / "pictures")
    run("init", "--shop", fashion, "--title", "Fashion", "--currency", "USD", "--demo", "--notice", "Pictures of Fashion-MNIST.", "--idea", "sneakers")
    run("import", "--shop", fashion, "--fashion", folder / "pictures")
    # Trained for seconds: right for seven of ten pictures.
    trainer = Path(souk).with_name("souk-train")
    subprocess.run([trainer, "cnn", "--data", folder / "pictures", "--folder", folder / "cnn", "--epochs", "12", "--width", "16", "--batch", "32", "--threads", "1", "--report", folder / "cnn.html"], check=True, capture_output=True, text=True, timeout=300)
    run("index", "--shop", fashion, "--picture-encoder", folder / "cnn" / "1")
    run("publish", "--shop", fashion)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(folder / "serve.log", "w+")
    process = subprocess.Popen([souk, "serve", "--shop", shop, "--shop", fashion, "--port", str(port), "--demo", "--web", ROOT / "Web"], stdout=log, stderr=log)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"souk serve ended: {(folder / 'serve.log').read_text()}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).read()
            break
        except OSError:
            time.sleep(0.05)
    password = (folder / "serve.log").read_text().split("demo, ")[1].split()[0]
    return process, f"http://127.0.0.1:{port}", password


def speak(folder):
    """Has a query said into a file, for the browser's microphone; False without a voice or the sounds to understand it."""
    if not shutil.which("flite") or not Path("/usr/share/pocketsphinx/model/en-us").exists():
        return False
    said = folder / "said.wav"
    subprocess.run(["flite", "-voice", "slt", "-t", "greek yogurt", "-o", said], check=True)
    with wave.open(str(said)) as sound:
        rate, samples = sound.getframerate(), sound.readframes(sound.getnframes())
    with wave.open(str(said), "wb") as sound:
        sound.setparams((1, 2, rate, 0, "NONE", ""))
        # The browser plays the beginning before a page listens.
        sound.writeframes(bytes(rate) + samples + bytes(2 * rate * 8))
    os.environ["SOUK_SPOKEN"] = str(said)
    return True


def register(pages):
    """The tests of this file, after those of test_pages that any shop passes."""
    def log_in(page):
        pages.log_in(page)
        page.one(".stat-value")
        assert not pages.forget_refusals(page)

    @pages.test()
    def a_slip_finds_what_was_meant(page):
        page.go("/#/search?q=bananna")
        page.one(".product-grid .product")
        page.sees(".relaxation", "bananas")
        page.shot("real-typo")

    @pages.test()
    def filters_narrow_the_real_results(page):
        page.go("/#/search?q=milk")
        page.one(".product-grid .product")
        before = page.text(".results-count")
        page.click("[data-facet=brand][data-value=Private]")
        page.sees(".chip", "Private")
        page.wait(lambda: page.text(".results-count") != before, "fewer results")
        page.shot("real-facets")

    @pages.test()
    def a_second_shop_has_pages_of_its_own_with_pictures(page):
        page.go("/")
        page.click(".hero-shops a")
        page.sees("#synthetic-note", "Fashion-MNIST")
        page.sees(".hero-ideas .pill", "sneakers")
        assert not page.all(".shelf")
        page.click(".hero-ideas .pill")
        picture = page.one(".product-grid img.photograph")
        page.wait(lambda: picture.get_property("naturalWidth") == 28, "the picture")
        page.shot("real-fashion")
        page.click(".product-grid .button-add")
        page.click(".product-grid .product-link")
        page.sees("h1", "Sneakers")
        page.one(".product-page-picture img.photograph")
        page.shot("real-fashion-product")
        page.click("#basket-link")
        page.one(".basket-picture img.photograph")
        # The first shop's basket is another one.
        page.go("/#/basket")
        page.sees(".notice", "Nothing here yet")
        page.go("/?shop=nowhere")
        page.sees(".notice", "does not answer")
        # The browser notes the 404, rightly.
        page.driver.get_log("browser")

    @pages.test()
    def a_picture_finds_its_product_and_what_looks_alike(page):
        page.go("/")
        assert not page.one(".search").find_elements("css selector", ".search-picture:not([hidden])")
        page.go("/?shop=fashion#/search?q=sneakers")
        link = page.one(".product-grid .product")
        item = link.get_attribute("data-id")
        address = page.one(".product-grid img.photograph").get_attribute("src")
        with tempfile.TemporaryDirectory() as folder:
            png = Path(folder) / "mine.png"
            png.write_bytes(urllib.request.urlopen(address, timeout=10).read())
            page.one(".search-picture")
            page.driver.find_element("css selector", "#picture-file").send_keys(str(png))
            page.sees("h1", "Looks like your picture")
            page.wait(lambda: page.one(".product-grid .product").get_attribute("data-id") == item, "the product of the picture")
            assert len(page.all(".product-grid .product")) == 48
            page.shot("real-picture-search")
            # Another format is drawn as a PNG by the browser.
            drawing = Path(folder) / "mine.svg"
            drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect x="300" y="100" width="300" height="400"/></svg>')
            page.driver.find_element("css selector", "#picture-file").send_keys(str(drawing))
            page.wait(lambda: page.one(".asked-picture").get_attribute("src").startswith("data:image/svg"), "the second picture")
            page.sees(".results-count", "48 products")
            no_picture = Path(folder) / "no.png"
            no_picture.write_bytes(b"\x89PNG\r\n\x1a\n")
            page.driver.find_element("css selector", "#picture-file").send_keys(str(no_picture))
            page.sees(".notice", "could not be used")
            # The browser notes the 400, rightly.
            page.driver.get_log("browser")
        page.go(f"/?shop=fashion#/item/{item}")
        page.one(".shelf[data-list=looks_alike] .product")
        page.shot("real-looks-alike")

    @pages.test()
    def a_spoken_query_is_heard_and_searched(page):
        page.go("/")
        if "SOUK_SPOKEN" not in os.environ:
            return
        page.driver.execute_script("arguments[0].focus()", page.one(".search-voice"))
        page.driver.switch_to.active_element.send_keys(" ")
        page.sees(".voice-panel", "Listening")
        assert page.one(".search-voice").get_attribute("aria-pressed") == "true"
        page.shot("real-listening")
        page.wait(lambda: "#/search?q=greek+yogurt" in page.driver.current_url or "greek%20yogurt" in page.driver.current_url, "the search for what was said")
        page.sees(".product-grid .product-title", "yogurt")
        assert page.driver.find_element("css selector", "#search-input").get_property("value") == "greek yogurt"
        assert page.driver.find_element("css selector", ".search-voice").get_attribute("aria-pressed") == "false"
        page.shot("real-heard")
        # Escape gives the microphone back.
        page.click(".search-voice")
        page.sees(".voice-panel", "Listening")
        page.driver.switch_to.active_element.send_keys("\ue00c")
        page.wait(lambda: page.driver.find_element("css selector", ".voice-panel").get_property("hidden"), "the panel to close")

    @pages.test()
    def products_are_read_and_searched_in_the_language_of_choice(page):
        page.go("/?shop=fashion#/search?q=sneakers")
        page.sees(".product-title", "Sneakers")
        page.one("#language option[value=de]").click()
        page.sees(".product-title", "Turnschuhe")
        page.go("/?shop=fashion#/search?q=stiefelette")
        page.sees(".product-grid .product-title", "Stiefeletten")
        page.shot("real-language")
        page.click(".product-grid .product-link")
        page.sees("h1", "Stiefeletten")
        page.one("#language option[value=en]").click()
        page.sees("h1", "Ankle boots")

    @pages.test()
    def a_basket_is_kept_and_completed(page):
        page.go("/#/search?q=yogurt")
        page.click(".product-grid .button-add")
        page.sees("#basket-count", "1")
        page.click("#basket-link")
        page.one(".shelf[data-list=complete_basket] .product")
        page.shot("real-basket")

    @pages.test(needs_login=True)
    def three_clicks_mend_a_query_without_results(page):
        page.go("/#/search?q=kleenex")
        page.one(".empty")
        log_in(page)
        page.go("/console/#/queries")
        page.one("a.fix[href*=kleenex]")
        page.click("a.fix[href*=kleenex]")
        # A shopper tried these words next.
        page.sees(".chip-choice", "paper towels")
        page.click(".chip-choice")
        page.sees("#fix-preview .preview", "Paper towels")
        page.shot("real-fix")
        page.click("#publish")
        page.sees("#fix-preview .message-good", "is in force")
        page.go("/#/search?q=kleenex")
        page.sees(".product-grid .product-title", "Paper towels")

    @pages.test(needs_login=True)
    def a_query_is_taken_apart(page):
        log_in(page)
        page.go("/console/#/analyser?q=bananna%20under%20%242")
        page.sees("[aria-label='How it was read'] td", "bananna")
        page.sees("[aria-label='How it was read'] .tag", "spelling")
        page.sees("[aria-label='How it was read'] .panel-note", "price: under $2")
        page.sees("[aria-label='What it cost'] .stages", "matching")
        page.shot("real-analyser")

    @pages.test(needs_login=True)
    def synonyms_are_proposed_and_taken_over(page):
        log_in(page)
        page.go("/console/#/rules")
        page.click("#propose")
        page.sees("#proposals td", "serviettes")
        page.click("#proposals .take")
        page.sees("#proposals td", "in the draft")
        page.shot("real-proposals")
        page.click("#publish")
        page.sees(".message-good", "is in force")

    @pages.test(needs_login=True)
    def a_rule_is_written_previewed_and_published(page):
        log_in(page)
        page.click(".console-nav [data-page=rules]")
        page.click("#new-rule")
        page.one("input[name=id]").clear()
        page.one("input[name=id]").send_keys("milk-first")
        page.one("input[name=query]").send_keys("milk")
        page.one("input[name=item]").send_keys("i56")
        page.click("#add-action")
        rows = page.all(".action-row")
        rows[1].find_element("css selector", "select option[value=banner]").click()
        page.one(".action-row input[name=text]").send_keys("Fresh today")
        page.click("#show-preview")
        page.sees(".preview .tag-good", "pinned")
        page.shot("real-rule")
        page.click("#publish")
        page.sees("td", "pin i56 to place 1")
        page.shot("real-rules")
        page.go("/#/search?q=milk")
        page.sees(".banner", "Fresh today")
        page.sees(".product-grid li:first-child .product-title", "56")
        page.go("/console/#/audit")
        page.sees("td", "added milk-first")
        page.go("/console/#/rules")
        page.sees("td", "milk-first")
        page.size(390, 844)
        page.fits()

    @pages.test(needs_login=True)
    def a_person_is_explained_by_the_real_profile(page):
        log_in(page)
        page.go("/console/#/people?user=3")
        page.sees(".stat-label", "Price level")
        page.sees("h2", "Favourite categories")
        page.shot("real-people")


def main():
    words = sys.argv[1:]
    souk = words.pop(0) if words and os.access(words[0], os.X_OK) else str(ROOT / ".build/debug/souk")
    with tempfile.TemporaryDirectory() as name:
        process, address, password = start(souk, Path(name))
        try:
            speak(Path(name))
            os.environ.update(SOUK_URL=address, SOUK_CONSOLE_NAME="demo", SOUK_CONSOLE_PASSWORD=password)
            import test_pages
            register(test_pages)
            sys.argv = ["test_real.py", *words]
            return test_pages.main()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
