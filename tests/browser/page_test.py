#!/usr/bin/python3
"""The server's page in a real browser, while a real federation trains.

  tests/browser/page_test.py --bin build/release/bin [--data FOLDER]

Needs chromium, chromium-driver and python3-selenium (deploy/install-dependencies.sh test). Exit status: 0 passed,
1 failed.
"""
import pathlib
import tempfile
import unittest

import command_line
from browser import Browser
from federation import Federation
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

PAGE_BYTES = 100_000
TRAINERS = 3
ACCURACY = "#accuracy-plot svg"

# The text elements that are seen and fall short of WCAG AA, as "ratio tag: text". Disabled buttons are exempt.
LOW_CONTRAST = """
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  return [...document.body.querySelectorAll('*')]
    .filter((e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((e) => e.checkVisibility() && !e.closest('.unseen, noscript, :disabled'))
    .map((e) => {
      const style = getComputedStyle(e);
      const text = luminance(parse(e instanceof SVGElement ? style.fill : style.color));
      const [dark, light] = [text, luminance(ground(e))].sort((a, b) => a - b);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      return [(light + 0.05) / (dark + 0.05), isLarge ? 3 : 4.5, e];
    })
    .filter(([ratio, needed]) => ratio < needed)
    .map(([ratio, , e]) => `${ratio.toFixed(2)} ${e.tagName}: ${e.textContent}`);
"""


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="seedfed-browser-")
        cls.addClassCleanup(folder.cleanup)
        cls.federation = Federation(command_line.options.bin, command_line.options.data, folder.name,
                                    ["--clients", str(TRAINERS), "--shards", str(TRAINERS), "--rounds", "0",
                                     "--samples", "300", "--key", "1"])
        cls.addClassCleanup(cls.federation.stop)
        cls.federation.start_trainers_and_evaluator(TRAINERS)
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.quit)

    def setUp(self):
        self.browser.resize(1400, 1000)
        self.browser.console()
        self.browser.network()
        self.browser.open(self.federation.url)
        self.await_rounds(3)
        self.browser.wait("an evaluation is drawn", lambda: self.points("accuracy") >= 2)

    def await_rounds(self, count):
        self.browser.wait(f"{count} rounds are drawn", lambda: self.points("training") >= count)

    def points(self, series):
        """How many points of a line are drawn."""
        path = self.browser.attribute(f"path.line.{series}", "d") or ""
        return path.count("M") + path.count("L")

    def crosshair(self):
        """The round that the accuracy plot points at, and what its legend says of it."""
        self.assertEqual(self.browser.attribute("#accuracy-plot .cross", "visibility"), "visible")
        return (int(self.browser.attribute(ACCURACY, "aria-valuenow")),
                self.browser.text("#accuracy-plot .legend"))

    def test_plots_move_and_nothing_is_wrong(self):
        points, round_ = self.points("training"), self.browser.text("#round")
        self.await_rounds(points + 3)
        self.assertNotEqual(self.browser.text("#round"), round_)
        self.assertGreater(len(self.browser.attribute("path.bar.counted", "d")), 0)
        self.browser.wait("clients are listed", lambda: self.browser.count("#clients tbody tr") == TRAINERS + 1)
        self.browser.wait("events are listed", lambda: "complete" in self.browser.text("#events"))
        self.assertRegex(self.browser.text("#accuracy"), r"^\d+\.\d\d\u202f%$")
        self.assertRegex(self.browser.text("#traffic .ratio"), r"^\d+ : 1$")
        self.assertEqual(len(self.browser.text("#federation")), 32)
        self.assertEqual(self.browser.console(), [])

    def test_it_is_small_and_asks_nobody_else(self):
        urls, received = self.browser.network()
        self.assertGreater(len(urls), 5)
        self.assertEqual([url for url in urls if not url.startswith(self.federation.url)], [])
        self.assertGreater(received, 0)
        self.assertLess(received, PAGE_BYTES)

    def test_landmarks_roles_and_names(self):
        found = self.browser.accessible()
        for role, name in (("main", ""), ("banner", ""), ("contentinfo", ""), ("heading", "seedfed"),
                           ("region", "Learning"), ("region", "Traffic since the server started"),
                           ("radio", "per round"), ("radio", "per kilobyte"),
                           ("group", "Horizontal axis of the plots"),
                           ("slider", "Accuracy: arrow keys move through the rounds"),
                           ("slider", "Loss: arrow keys move through the rounds"),
                           ("slider", "Updates per round: arrow keys move through the rounds"),
                           ("meter", "Updates of the open round"),
                           ("table", "Clients, counted since the server started"),
                           ("table", "Refused updates by reason, since the server started"),
                           ("table", "What the server runs with"), ("button", "Last seen")):
            self.assertIn((role, name), found)
        self.assertEqual(self.browser.attribute("html", "lang"), "en")
        self.assertEqual(self.browser.attribute("#announcement", "aria-live"), "polite")
        self.assertEqual(self.browser.attribute("#banner", "role"), "alert")

    def test_keys_move_the_crosshair(self):
        plot = self.browser.find(ACCURACY)
        self.browser.run("arguments[0].focus()", plot)
        plot.send_keys(Keys.HOME)
        first, _ = self.crosshair()
        plot.send_keys(Keys.ARROW_RIGHT)
        second, legend = self.crosshair()
        self.assertGreater(second, first)
        self.assertIn(f"round {second},", legend)
        self.assertRegex(self.browser.attribute(ACCURACY, "aria-valuetext"), rf"^round {second}, .*evaluators \d")
        plot.send_keys(Keys.ARROW_LEFT)
        self.assertEqual(self.crosshair()[0], first)
        plot.send_keys(Keys.ESCAPE)
        self.assertEqual(self.browser.attribute("#accuracy-plot .cross", "visibility"), "hidden")

    def test_pointing_shows_values(self):
        plot = self.browser.find(ACCURACY)
        ActionChains(self.browser.driver).move_to_element(plot).perform()
        round_, legend = self.crosshair()
        self.assertIn(f"round {round_},", legend)
        self.assertRegex(legend, r"evaluators \d+\.\d\d")
        self.assertEqual(self.browser.count("#accuracy-plot circle"), 1)
        # The other plots point at the same round.
        self.assertIn(f"round {round_},", self.browser.text("#participation-plot .legend"))
        self.browser.find(".switch label:last-child").click()
        self.browser.wait("the axis is in kilobytes", lambda: "kB per client" in self.browser.text(ACCURACY))

    def test_touch_shows_values(self):
        place = self.browser.run("const box = document.querySelector(arguments[0]).getBoundingClientRect();"
                                 "return [box.x + box.width / 2, box.y + box.height / 2]", ACCURACY)
        self.browser.cdp("Emulation.setTouchEmulationEnabled", enabled=True)
        for kind, points in (("touchStart", [{"x": place[0], "y": place[1]}]), ("touchEnd", [])):
            self.browser.cdp("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        self.browser.cdp("Emulation.setTouchEmulationEnabled", enabled=False)
        self.assertIn(f"round {self.crosshair()[0]},", self.browser.text("#accuracy-plot .legend"))

    def test_what_strangers_say_stays_text(self):
        # The server takes no such id; the page does not rely on that.
        markup = "<img src=x onerror=document.title=1>"
        shown = self.browser.run_async(
            """const [text] = arguments;
            const {EventList} = await import('/event_list.js');
            const {Clients} = await import('/clients.js');
            const {showDetails} = await import('/details.js');
            // At once after drawing: the page itself goes on drawing the same lists.
            const isText = (id) => {
              const list = document.getElementById(id);
              return list.textContent.includes(text) && list.querySelectorAll('img').length === 0;
            };
            const events = new EventList();
            events.add([{id: '1', time: 0, level: 'warning', text}]);
            events.draw();
            const shown = [isText('events')];
            new Clients({isLost: true}).show({total: 1, clients: [{id: text, role: text, software: text,
              live: true, rounds: 0, late: 0, refused: 0, examples: 0}]});
            shown.push(isText('clients'));
            const status = await (await fetch('/api/v1/status')).json();
            status.refused[0].reason = status.settings[0].value = text;
            showDetails(status);
            return [...shown, isText('refused'), isText('settings')];""",
            markup)
        self.assertEqual(shown, [True] * 4)

    def test_clients_can_be_sorted(self):
        self.browser.wait("clients are listed", lambda: "evaluator" in self.browser.text("#clients tbody"))
        self.browser.find("#clients [data-sort=seen]").click()
        self.assertEqual(self.browser.attribute("#clients th:nth-child(4)", "aria-sort"), "ascending")
        self.assertIsNone(self.browser.attribute("#clients th:nth-child(1)", "aria-sort"))
        self.browser.wait("the answer has come", lambda: "evaluator" in self.browser.text("#clients tbody"))
        self.assertEqual(self.browser.console(), [])

    def test_no_width_scrolls_sideways(self):
        for width in (360, 768, 1400):
            self.browser.resize(width, 800)
            self.browser.wait(f"the plots are drawn {width} pixels wide",
                              lambda: int(self.browser.attribute(ACCURACY, "width")) < width)
            # Charts are drawn anew a moment after their box has changed.
            self.browser.wait(f"nothing is wider than {width} pixels",
                              lambda: self.browser.run("return document.documentElement.scrollWidth") <= width)

    def test_text_can_be_read_in_both_schemes(self):
        self.browser.wait("clients are listed", lambda: "evaluator" in self.browser.text("#clients tbody"))
        for scheme in ("dark", "light"):
            self.browser.prefer(prefers_color_scheme=scheme)
            self.assertGreater(self.browser.count("text"), 20)
            self.assertEqual(self.browser.run(LOW_CONTRAST), [])

    def test_a_killed_server_is_announced_and_a_restarted_one_found(self):
        self.assertEqual(self.browser.console(), [])
        self.federation.kill_server()
        self.browser.wait("the banner is there", lambda: self.browser.find("#banner").is_displayed())
        self.assertRegex(self.browser.text("#banner"), r"^The server has been gone since .*\d\d:\d\d:\d\d\.")
        self.assertEqual(self.browser.text("#state"), "Server lost")
        points = self.points("training")
        self.federation.start_server()
        self.browser.wait("the banner is gone", lambda: not self.browser.find("#banner").is_displayed())
        self.await_rounds(points + 2)
        self.assertNotEqual(self.browser.text("#state"), "Server lost")
        # Until now the browser has complained of refused connections, rightly.
        self.browser.console()
        self.await_rounds(self.points("training") + 2)
        self.assertEqual(self.browser.console(), [])


class LonelyServerTest(unittest.TestCase):
    """A server that wants a token and has no client."""
    def test_says_what_to_do(self):
        with tempfile.TemporaryDirectory(prefix="seedfed-browser-") as folder:
            token_file = pathlib.Path(folder) / "token"
            token_file.write_text("the-token-of-this-test\n")
            token_file.chmod(0o600)
            federation = Federation(command_line.options.bin, command_line.options.data, folder,
                                    ["--admin-token-file", token_file])
            self.addCleanup(federation.stop)
            browser = Browser()
            self.addCleanup(browser.quit)
            browser.open(f"http://operator:the-token-of-this-test@{federation.host}/")
            browser.wait("the state is known", lambda: browser.text("#state") == "Waiting for clients")
            browser.wait("the table of clients is known to be empty",
                         lambda: browser.find("#clients-section .empty").is_displayed())
            for place, sentence in (("#accuracy-plot", "No evaluator has reported."),
                                    ("#loss-plot", "No round is complete yet."),
                                    ("#participation-plot", "No round is complete yet."),
                                    ("#clients-section", "No client has joined.")):
                self.assertIn(sentence, browser.find(f"{place} .empty").text)
            self.assertEqual(browser.attribute(ACCURACY, "tabindex"), "-1")
            self.assertEqual(browser.console(), [])


if __name__ == "__main__":
    command_line.run_tests(__doc__)
