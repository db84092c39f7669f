"""Headless Chromium, driven through Debian's chromedriver, with what it logs and loads."""

import json
import shutil
import sys
import time

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    sys.exit("browser test: python3-selenium is not installed: run `bash deploy/install-dependencies.sh test`.")

WAIT_SECONDS = 60
WAIT_STEP_SECONDS = 0.05


def _find(program):
    path = shutil.which(program)
    if path is None:
        sys.exit(f"browser test: {program} is not installed: run `bash deploy/install-dependencies.sh test`.")
    return path


CHROMIUM, CHROMEDRIVER = _find("chromium"), _find("chromedriver")


class Browser:
    """One window. Scripts given to run() are function bodies; elements are named by CSS selectors."""
    def __init__(self, width=1400, height=1000):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        # The sandbox does not work for root, nor /dev/shm in small containers.
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--hide-scrollbars", "--no-first-run", "--disable-background-networking"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(CHROMEDRIVER), options=options)
        self.driver.set_script_timeout(WAIT_SECONDS)
        self.resize(width, height)

    def quit(self):
        self.driver.quit()

    def open(self, url):
        self.driver.get(url)

    def resize(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=False)

    def prefer(self, **features):
        """Media features, with _ for -: prefer(prefers_color_scheme="dark")."""
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def run_async(self, script, *arguments):
        """run() for a script that awaits something."""
        return self.driver.execute_async_script(
            "const done = [...arguments].pop();"
            f"(async function () {{ {script} }}).apply(null, arguments).then(done, (error) => done(String(error)));",
            *arguments)

    def count(self, selector):
        return self.run("return document.querySelectorAll(arguments[0]).length", selector)

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def attribute(self, selector, name):
        return self.run("return document.querySelector(arguments[0]).getAttribute(arguments[1])", selector, name)

    def wait(self, what, condition, seconds=WAIT_SECONDS):
        """The condition's first true value; AssertionError that names `what` when there is none in time."""
        end = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s in vain: {what}")
            time.sleep(WAIT_STEP_SECONDS)
        return value

    def console(self):
        """What was written to the console, and what the browser itself complained of, since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def network(self):
        """(requested URLs, bytes received of answers that are complete) since the last call."""
        urls, received = [], 0
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
            if message["method"] == "Network.loadingFinished":
                received += message["params"]["encodedDataLength"]
        return urls, received

    def accessible(self):
        """The (role, name) pairs that assistive technology is told of."""
        nodes = self.cdp("Accessibility.getFullAXTree")["nodes"]
        value = lambda node, field: node.get(field, {}).get("value", "")
        return {(value(node, "role"), value(node, "name")) for node in nodes if not node.get("ignored")}
