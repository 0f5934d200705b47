"""botasaurus: the DevTools protocol without a driver. https://github.com/omkarcloud/botasaurus"""

import asyncio

from botasaurus_driver import Driver, cdp

from stage import CHROMIUM, HEADFUL, MOTION, PROFILE, SETTINGS, SWITCHES, URL, box_script, fill


class Hands:
    def __init__(self, driver):
        self.driver = driver
        self.at = (0, 0)
        self.click = driver.click
        self.type = driver.type

    def script(self, text):
        return self.driver.run_js(text)

    def box(self, selector):
        return self.driver.run_js("return " + box_script(selector))

    def mouse(self, kind, **more):
        self.driver.run_cdp_command(cdp.input_.dispatch_mouse_event(kind, x=self.at[0], y=self.at[1], **more))

    def move(self, x, y):
        self.at = (x, y)
        self.mouse("mouseMoved")

    def down(self):
        self.mouse("mousePressed", button=cdp.input_.MouseButton("left"), click_count=1)

    def up(self):
        self.mouse("mouseReleased", button=cdp.input_.MouseButton("left"), click_count=1)

    def key_down(self, char):
        self.driver.run_cdp_command(cdp.input_.dispatch_key_event("keyDown", key=char, text=char))

    def key_up(self, char):
        self.driver.run_cdp_command(cdp.input_.dispatch_key_event("keyUp", key=char))


driver = Driver(headless=not HEADFUL, chrome_executable_path=CHROMIUM, arguments=[*SWITCHES, f"--user-data-dir={PROFILE}"])
if SETTINGS.get("human"):
    driver.enable_human_mode()
driver.get(URL)
asyncio.run(fill(Hands(driver)))
driver.close()
