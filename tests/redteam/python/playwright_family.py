"""Playwright for Python, and what is made of it: the first argument after the settings names the module."""

import asyncio
import importlib
import sys

from stage import CHROMIUM, FLAGS, HEADFUL, PROFILE, SETTINGS, SWITCHES, URL, fill

api = importlib.import_module(f"{SETTINGS.get('module', 'playwright')}.async_api")


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
    async with api.async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            PROFILE,
            executable_path=CHROMIUM,
            headless=not HEADFUL,
            args=SWITCHES,
            no_viewport=HEADFUL or None,
            ignore_default_args=["--enable-automation"] if FLAGS else None,
        )
        page = context.pages[0] if context.pages else await context.new_page()
        if SETTINGS.get("stealth"):
            from playwright_stealth import Stealth

            await Stealth().apply_stealth_async(page)
        await page.goto(URL)
        await fill(Hands(page))
        await context.close()


asyncio.run(main())
