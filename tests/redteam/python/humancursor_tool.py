"""HumanCursor on Selenium: https://github.com/riflosnake/HumanCursor"""

import asyncio

from humancursor import WebCursor
from selenium import webdriver
from selenium.webdriver.common.by import By

from stage import CHROMIUM, FLAGS, HEADFUL, PROFILE, RANDOM, SETTINGS, SWITCHES, URL, fill


class Hands:
    def __init__(self, driver):
        self.driver = driver
        self.cursor = WebCursor(driver)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector):
        self.cursor.click_on(self.find(selector), click_duration=RANDOM.uniform(0.06, 0.13))

    async def type(self, selector, text):
        for char in text:
            self.find(selector).send_keys(char)
            await asyncio.sleep(RANDOM.uniform(0.06, 0.2))


options = webdriver.ChromeOptions()
options.binary_location = CHROMIUM
for switch in [*SWITCHES, f"--user-data-dir={PROFILE}", *([] if HEADFUL else ["--headless=new"])]:
    options.add_argument(switch)
if FLAGS:
    options.add_experimental_option("excludeSwitches", ["enable-automation"])
driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(SETTINGS["chromedriver"]))
try:
    driver.get(URL)
    asyncio.run(fill(Hands(driver)))
finally:
    driver.quit()
