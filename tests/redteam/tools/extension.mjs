// An extension that types and points through chrome.debugger: no port is open, no driver is there.

import { once } from "node:events";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOME } from "../frame/needs.mjs";
import { within } from "../frame/run.mjs";
import { bestHands } from "../hands/cdp.mjs";
import { startOrdinary } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default {
  name: "extension",
  tier: 4,
  needs: ["chromium", "npm:ws"],
  variants: ["bezier/headful", "minjerk/headful"],
  async run({ variant, site, seed, outDir, display }) {
    const { WebSocketServer } = await import("ws");
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    const folder = join(outDir, "extension");
    cpSync(join(HOME, "extension"), folder, { recursive: true });
    writeFileSync(join(folder, "port.json"), JSON.stringify({ port: server.address().port }));
    const connected = once(server, "connection");
    const args = ["--disable-features=DisableLoadExtensionCommandLineSwitch", `--load-extension=${folder}`];
    const browser = await startOrdinary({ display, outDir, url: site.url, args });
    try {
      const [socket] = await within(20_000, connected, "the extension was not loaded");
      const acted = await fill(bestHands(inputOver(socket), site), site, { motion: parseVariant(variant).motion, seed });
      await Promise.race([site.submitted, pause(8_000)]);
      return acted;
    } finally {
      await browser.stop();
      server.close();
    }
  },
};

/** The protocol's Input domain at the other end of a socket. */
function inputOver(socket) {
  let last = 0;
  const waiting = new Map();
  socket.on("message", (data) => {
    const { id, error } = JSON.parse(data);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve();
  });
  const send = (method) => (parameters) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ id, method: `Input.${method}`, parameters }));
    });
  return { dispatchMouseEvent: send("dispatchMouseEvent"), dispatchKeyEvent: send("dispatchKeyEvent") };
}
