"""nodriver and zendriver: the DevTools protocol without a driver."""

import asyncio
import importlib

from stage import CHROMIUM, HEADFUL, PROFILE, SETTINGS, SWITCHES, URL, box_script, fill

tool = importlib.import_module(SETTINGS["module"])
cdp = tool.cdp


class Hands:
    def __init__(self, tab):
        self.tab = tab
        self.at = (0, 0)

    def script(self, text):
        return self.tab.evaluate(text)

    async def click(self, selector):
        element = await self.tab.select(selector)
        await element.mouse_click() if SETTINGS.get("mouse", True) else await element.click()

    async def type(self, selector, text):
        await (await self.tab.select(selector)).send_keys(text)

    async def box(self, selector):
        return await self.tab.evaluate(box_script(selector))

    async def mouse(self, kind, **more):
        await self.tab.send(cdp.input_.dispatch_mouse_event(kind, x=self.at[0], y=self.at[1], **more))

    async def move(self, x, y):
        self.at = (x, y)
        await self.mouse("mouseMoved")

    async def down(self):
        await self.mouse("mousePressed", button=cdp.input_.MouseButton("left"), click_count=1)

    async def up(self):
        await self.mouse("mouseReleased", button=cdp.input_.MouseButton("left"), click_count=1)

    async def key_down(self, char):
        await self.tab.send(cdp.input_.dispatch_key_event("keyDown", key=char, text=char))

    async def key_up(self, char):
        await self.tab.send(cdp.input_.dispatch_key_event("keyUp", key=char))


async def main():
    browser = await tool.start(
        headless=not HEADFUL,
        browser_executable_path=CHROMIUM,
        user_data_dir=PROFILE,
        browser_args=SWITCHES,
        sandbox=False,
    )
    tab = await browser.get(URL)
    await fill(Hands(tab))
    stopped = browser.stop()
    if asyncio.iscoroutine(stopped):
        await stopped


if SETTINGS["module"] == "nodriver":
    tool.loop().run_until_complete(main())
else:
    asyncio.run(main())
