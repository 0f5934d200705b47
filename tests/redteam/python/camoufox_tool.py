"""camoufox, a patched build of Firefox: https://github.com/daijro/camoufox"""

import asyncio

from camoufox.async_api import AsyncCamoufox

from stage import HEADFUL, SETTINGS, URL, fill


class Hands:
    def __init__(self, page):
        self.page = page
        self.move = page.mouse.move
        self.down = page.mouse.down
        self.up = page.mouse.up
        self.key_down = page.keyboard.down
        self.key_up = page.keyboard.up
        self.click = page.click
        self.type = page.type
        self.script = page.evaluate

    async def box(self, selector):
        return await self.page.locator(selector).bounding_box()


async def main():
    async with AsyncCamoufox(headless=not HEADFUL, humanize=SETTINGS["motion"] == "naive") as browser:
        page = await browser.new_page()
        await page.goto(URL)
        await fill(Hands(page))


asyncio.run(main())
