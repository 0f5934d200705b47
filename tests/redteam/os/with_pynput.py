"""Fills in a form with pynput: a straight line in small steps, keys with drawn delays."""

import json
import random
import sys
import time

from pynput.keyboard import Controller as Keyboard
from pynput.mouse import Button, Controller as Mouse

mouse, keyboard = Mouse(), Keyboard()
for step in json.loads(sys.argv[2]):
    x, y = mouse.position
    for i in range(1, 61):
        mouse.position = (x + (step["x"] - x) * i / 60, y + (step["y"] - y) * i / 60)
        time.sleep(random.uniform(0.008, 0.016))
    mouse.press(Button.left)
    time.sleep(random.uniform(0.06, 0.12))
    mouse.release(Button.left)
    time.sleep(0.3)
    for letter in step["text"]:
        keyboard.press(letter)
        time.sleep(random.uniform(0.03, 0.09))
        keyboard.release(letter)
        time.sleep(random.uniform(0.05, 0.15))
