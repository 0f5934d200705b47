"""pydoll: the DevTools protocol without a driver. https://github.com/autoscrape-labs/pydoll"""

import asyncio

from pydoll.browser import Chrome
from pydoll.browser.options import ChromiumOptions
from pydoll.commands import InputCommands
from pydoll.protocol.input.types import KeyEventType, MouseButton, MouseEventType

from stage import CHROMIUM, HEADFUL, PROFILE, SWITCHES, URL, box_script, fill


class Hands:
    def __init__(self, tab):
        self.tab = tab
        self.at = (0, 0)

    def script(self, text):
        return self.tab.execute_script(text)

    async def click(self, selector):
        await (await self.tab.query(selector)).click()

    async def type(self, selector, text):
        await (await self.tab.query(selector)).type_text(text)

    async def box(self, selector):
        answer = await self.tab.execute_script("return " + box_script(selector))
        return answer["result"]["result"]["value"]

    async def send(self, kind, **more):
        await self.tab._execute_command(InputCommands.dispatch_mouse_event(type=kind, x=round(self.at[0]), y=round(self.at[1]), **more))

    async def move(self, x, y):
        self.at = (x, y)
        await self.send(MouseEventType.MOUSE_MOVED)

    async def down(self):
        await self.send(MouseEventType.MOUSE_PRESSED, button=MouseButton.LEFT, click_count=1)

    async def up(self):
        await self.send(MouseEventType.MOUSE_RELEASED, button=MouseButton.LEFT, click_count=1)

    async def key_down(self, char):
        await self.tab._execute_command(InputCommands.dispatch_key_event(type=KeyEventType.KEY_DOWN, key=char, text=char))

    async def key_up(self, char):
        await self.tab._execute_command(InputCommands.dispatch_key_event(type=KeyEventType.KEY_UP, key=char))


async def main():
    options = ChromiumOptions()
    options.binary_location = CHROMIUM
    options.headless = not HEADFUL
    for switch in SWITCHES + [f"--user-data-dir={PROFILE}"]:
        # It sets these by itself, and refuses to be told twice.
        if switch not in ("--no-first-run", "--no-default-browser-check"):
            options.add_argument(switch)
    async with Chrome(options=options) as browser:
        tab = await browser.start()
        await tab.go_to(URL)
        await fill(Hands(tab))


asyncio.run(main())
