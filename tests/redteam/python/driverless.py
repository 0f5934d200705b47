"""selenium-driverless: Selenium's verbs over the DevTools protocol. https://github.com/kaliiiiiiiiii/Selenium-Driverless"""

import asyncio

from selenium_driverless import webdriver
from selenium_driverless.types.by import By

from stage import CHROMIUM, HEADFUL, PROFILE, SWITCHES, URL, box_script, fill


class Hands:
    def __init__(self, driver):
        self.driver = driver
        self.at = (0, 0)

    def script(self, text):
        return self.driver.execute_script(text)

    async def click(self, selector):
        await (await self.driver.find_element(By.CSS, selector)).click(move_to=True)

    async def type(self, selector, text):
        await (await self.driver.find_element(By.CSS, selector)).write(text)

    async def box(self, selector):
        return await self.driver.execute_script("return " + box_script(selector))

    async def send(self, command, **more):
        target = await self.driver.current_target
        await target.execute_cdp_cmd(command, more)

    async def move(self, x, y):
        self.at = (x, y)
        await self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    async def down(self):
        await self.send("Input.dispatchMouseEvent", type="mousePressed", x=self.at[0], y=self.at[1], button="left", clickCount=1)

    async def up(self):
        await self.send("Input.dispatchMouseEvent", type="mouseReleased", x=self.at[0], y=self.at[1], button="left", clickCount=1)

    async def key_down(self, char):
        await self.send("Input.dispatchKeyEvent", type="keyDown", key=char, text=char)

    async def key_up(self, char):
        await self.send("Input.dispatchKeyEvent", type="keyUp", key=char)


async def main():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.user_data_dir = PROFILE
    options.headless = not HEADFUL
    for switch in SWITCHES:
        options.add_argument(switch)
    async with webdriver.Chrome(options=options) as driver:
        await driver.get(URL)
        await fill(Hands(driver))


asyncio.run(main())
