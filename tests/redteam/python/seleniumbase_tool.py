"""SeleniumBase's mode without a driver: https://github.com/seleniumbase/SeleniumBase"""

import asyncio

from seleniumbase import sb_cdp

from stage import CHROMIUM, HEADFUL, PROFILE, SWITCHES, URL, box_script, fill


class Hands:
    def __init__(self, browser):
        self.click = browser.click
        self.type = browser.press_keys
        self.script = browser.evaluate
        self.box = lambda selector: browser.evaluate(box_script(selector))


# It splits arguments at commas, which the list of hosts has.
ARGUMENTS = [switch for switch in SWITCHES if "," not in switch]
browser = sb_cdp.Chrome("about:blank", headless=not HEADFUL, browser_executable_path=CHROMIUM, user_data_dir=PROFILE, browser_args=ARGUMENTS)
browser.open(URL)
browser.sleep(1)
asyncio.run(fill(Hands(browser)))
browser.driver.stop()
