// The hands of a browser under WebDriver, by selenium-webdriver.

import { Button, By, Key, Origin } from "selenium-webdriver";

/** One action at a time: WebDriver performs a list of them and answers when the last one is done. */
export function handsOf(driver) {
  const act = (steps) => steps(driver.actions({ async: true })).perform();
  const element = (selector) => driver.findElement(By.css(selector));
  return {
    click: async (selector) => (await element(selector)).click(),
    type: async (selector, text) => (await element(selector)).sendKeys(text),
    script: (text) => driver.executeScript(text),
    box: async (selector) => (await element(selector)).getRect(),
    // Without a duration WebDriver would take 100 ms of its own for each point.
    move: (x, y) => act((actions) => actions.move({ x: Math.round(x), y: Math.round(y), duration: 0, origin: Origin.VIEWPORT })),
    down: () => act((actions) => actions.press(Button.LEFT)),
    up: () => act((actions) => actions.release(Button.LEFT)),
    keyDown: (char) => act((actions) => actions.keyDown(char)),
    keyUp: (char) => act((actions) => actions.keyUp(char)),
    shift: (way) => act((actions) => (way === "down" ? actions.keyDown(Key.SHIFT) : actions.keyUp(Key.SHIFT))),
  };
}

