// The customer's backend: pages out, what the pages say in.

import { createServer } from "node:http";

import { lobbyPage, visitPage } from "./page.mjs";

/**
 * Serves one visit. The browser is opened at `origin` and waits there until `open(elements, help)` sends it to the page.
 *
 * @returns functions that resolve when the browser waits (`lobby`), when the page is ready (`open`), when it says where the
 *   pointer is (`where`), and when the form has been sent (`token`); they reject if it takes too long
 */
export async function startDesk(verifier) {
  const heard = new Map();
  const waiting = new Map();
  let page, leave;

  /** The next word of a kind, or the last one that nobody has waited for. */
  const next = (kind, limit) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no word of "${kind}" within ${limit / 1_000} s`)), limit);
      const take = (word) => {
        clearTimeout(late);
        waiting.delete(kind);
        heard.delete(kind);
        resolve(word);
      };
      if (heard.has(kind)) take(heard.get(kind));
      else waiting.set(kind, take);
    });
  const hear = (kind, word) => (waiting.get(kind) ?? ((it) => heard.set(kind, it)))(word);

  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    if (request.method === "POST") {
      const parts = [];
      for await (const part of request) parts.push(part);
      response.writeHead(204).end();
      hear(path, JSON.parse(Buffer.concat(parts)));
    } else if (path === "/next") {
      leave = () => response.end("/visit");
      hear("/lobby");
    } else if (path === "/" || path === "/visit") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
      response.end(path === "/" ? lobbyPage() : page);
    } else response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    origin: `http://localhost:${server.address().port}`,
    lobby: () => next("/lobby", 60_000),
    where: () => next("/where", 10_000),
    open(elements, help) {
      page = visitPage(verifier, elements, help);
      leave();
      return next("/ready", 40_000);
    },
    token: () => next("/token", 20_000),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
