"""Selenium for Python, undetected-chromedriver and helium: all of them speak WebDriver to Chromium."""

import asyncio
import json

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.by import By

from stage import CHROMIUM, FLAGS, HEADFUL, PROFILE, SETTINGS, SWITCHES, URL, box_script, fill


class Hands:
    def __init__(self, driver):
        self.driver = driver
        self.script = driver.execute_script

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def click(self, selector):
        self.find(selector).click()

    def type(self, selector, text):
        self.find(selector).send_keys(text)

    def box(self, selector):
        return json.loads(self.driver.execute_script("return " + box_script(selector)))

    def move(self, x, y):
        builder = ActionBuilder(self.driver, duration=0)
        builder.pointer_action.move_to_location(round(x), round(y))
        builder.perform()

    def down(self):
        builder = ActionBuilder(self.driver, duration=0)
        builder.pointer_action.pointer_down()
        builder.perform()

    def up(self):
        builder = ActionBuilder(self.driver, duration=0)
        builder.pointer_action.pointer_up()
        builder.perform()

    def key_down(self, char):
        ActionChains(self.driver, duration=0).key_down(char).perform()

    def key_up(self, char):
        ActionChains(self.driver, duration=0).key_up(char).perform()


def options_for(made):
    made.binary_location = CHROMIUM
    for switch in SWITCHES + [f"--user-data-dir={PROFILE}"] + ([] if HEADFUL else ["--headless=new"]):
        made.add_argument(switch)
    return made


def start():
    tool = SETTINGS["module"]
    if tool == "undetected_chromedriver":
        import shutil
        import undetected_chromedriver as uc

        # It patches the driver in place, so it gets a copy.
        copy = shutil.copy(SETTINGS["chromedriver"], PROFILE + "-chromedriver")
        options = uc.ChromeOptions()
        for switch in SWITCHES:
            options.add_argument(switch)
        return uc.Chrome(options=options, browser_executable_path=CHROMIUM, driver_executable_path=copy, user_data_dir=PROFILE, headless=not HEADFUL, use_subprocess=True)
    options = options_for(webdriver.ChromeOptions())
    if FLAGS:
        options.add_experimental_option("excludeSwitches", ["enable-automation"])
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(SETTINGS["chromedriver"]))
    if tool == "helium":
        import helium

        helium.set_driver(driver)
    return driver


class HeliumHands(Hands):
    """Helium's own verbs, which look elements up by what they say."""

    def click(self, selector):
        import helium

        helium.click(helium.S(selector))

    def type(self, selector, text):
        import helium

        helium.write(text, into=helium.S(selector))


driver = start()
try:
    driver.get(URL)
    asyncio.run(fill((HeliumHands if SETTINGS["module"] == "helium" else Hands)(driver)))
finally:
    driver.quit()
