"""DrissionPage: the DevTools protocol without a driver. https://github.com/g1879/DrissionPage"""

import asyncio

from DrissionPage import Chromium, ChromiumOptions

from stage import CHROMIUM, HEADFUL, PROFILE, SWITCHES, URL, box_script, fill


class Hands:
    def __init__(self, tab):
        self.tab = tab
        self.script = tab.run_js

    def click(self, selector):
        self.tab.ele(f"css:{selector}").click()

    def type(self, selector, text):
        self.tab.ele(f"css:{selector}").input(text)

    def box(self, selector):
        return self.tab.run_js("return " + box_script(selector))

    def move(self, x, y):
        self.tab.actions.move_to((x, y), duration=0)

    def down(self):
        self.tab.actions.hold()

    def up(self):
        self.tab.actions.release()

    def key_down(self, char):
        self.tab.actions.key_down(char)

    def key_up(self, char):
        self.tab.actions.key_up(char)


options = ChromiumOptions().set_browser_path(CHROMIUM).set_user_data_path(PROFILE).auto_port().headless(not HEADFUL)
for switch in SWITCHES:
    name, _, value = switch.partition("=")
    options.set_argument(name, value or None)
browser = Chromium(options)
tab = browser.latest_tab
tab.get(URL)
asyncio.run(fill(Hands(tab)))
browser.quit()
