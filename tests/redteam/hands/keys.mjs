// The keys of a US keyboard as the DevTools protocol wants them: what a browser sees of a key that was really pressed.

/** The key of a printing character, and whether Shift has to be held for it. */
export function keyOf(char) {
  const known = SIGNS[char];
  if (known) {
    const [code, windowsVirtualKeyCode, shift] = known;
    return { key: char, code, windowsVirtualKeyCode, text: char, unmodifiedText: char, shift };
  }
  if (/[0-9]/.test(char)) return { key: char, code: `Digit${char}`, windowsVirtualKeyCode: char.charCodeAt(0), text: char, unmodifiedText: char, shift: false };
  const upper = char.toUpperCase();
  return { key: char, code: `Key${upper}`, windowsVirtualKeyCode: upper.charCodeAt(0), text: char, unmodifiedText: char, shift: char === upper };
}

/** The Shift key, and its bit among the modifiers. */
export const SHIFT = { mask: 8, key: { key: "Shift", code: "ShiftLeft", windowsVirtualKeyCode: 16, location: 1 } };

const SIGNS = {
  " ": ["Space", 32, false],
  ".": ["Period", 190, false],
  ",": ["Comma", 188, false],
  "-": ["Minus", 189, false],
  _: ["Minus", 189, true],
  "@": ["Digit2", 50, true],
  "!": ["Digit1", 49, true],
};
