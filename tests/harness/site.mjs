// A customer's pages: what a route says is served as it is, with the headers it names.

import { createServer } from "node:http";

/**
 * Serves `routes`, a map of path to `{body, type, headers}` or to a function of the request that returns one, or a promise of it.
 *
 * The same pages are at two origins, so that a test can choose the host: `origin` (localhost) and `numeric` (127.0.0.1).
 * Both are foreign to the verifier: it listens on another port.
 */
export async function startSite(routes) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://site").pathname;
    const route = routes[path];
    const answer = typeof route === "function" ? await route(request) : route;
    if (!answer) {
      // A browser asks for an icon by itself; a 404 would stand in the console as an error of the page.
      response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
      return;
    }
    const { body, type = "text/html; charset=utf-8", headers = {} } = answer;
    response.writeHead(200, { "content-type": type, ...headers }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return {
    origin: `http://localhost:${port}`,
    numeric: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A page with something of everything that the agent looks at.
 *
 * @param head markup before the form, such as script tags
 */
export function formPage(head = "") {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}</head>
<body style="height: 3000px">
<form id="form" onsubmit="return false">
<p><label>Name <input id="name"></label></p>
<p><label>Password <input id="password" type="password"></label></p>
<p><label>Note <textarea id="note"></textarea></label></p>
<p><button id="go" type="button" style="width: 120px; height: 40px">Go</button></p>
</form></body></html>`;
}

/** The script tag of the documentation, as an attribute-free line. */
export function scriptTag(verifier, { name = "recaptcha/enterprise.js", query = `render=${verifier.siteKey}`, attributes = "" } = {}) {
  return `<script src="${verifier.origin}/${name}?${query.replaceAll("&", "&amp;")}" ${attributes}></script>`;
}
