// The site under attack: one page and one backend, and a visit of its own for every run.

import { once } from "node:events";
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import { ACTION, CHECKBOX, FIELDS, formPage, SUBMIT } from "./page.mjs";

/**
 * Serves the form before `verifier`.
 *
 * @param inspect whether pages load the agent's `inspect` build, which shows its report
 * @returns `visit()`, which opens the page for one run, and `stop()`
 */
export async function openSite({ verifier, inspect = false }) {
  const visits = new Map();
  const script = `${verifier.origin}/recaptcha/enterprise.js?render=${verifier.siteKey}${inspect ? "&inspect=1" : ""}`;
  const page = formPage({ script, siteKey: verifier.siteKey, inspect });

  const server = createServer(async (request, response) => {
    const [, , id, what] = request.url.split("?")[0].split("/");
    const visit = visits.get(id);
    if (!visit) return void response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
    if (request.method === "GET") return void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    const body = [];
    for await (const chunk of request) body.push(chunk);
    const received = { layout: visit.laidOut, submit: visit.submit }[what];
    try {
      received?.(JSON.parse(Buffer.concat(body)));
    } catch {
      // Not JSON: an arm that plays the page badly has submitted nothing.
    }
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://localhost:${server.address().port}`;

  return {
    origin,
    visit: newVisit,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };

  /**
   * One run's view of the site: its address, what to fill in, and what the page has told its backend so far.
   * `layout()` resolves when the page has loaded, `submitted` when the form was sent.
   */
  function newVisit() {
    const id = randomUUID();
    const { promise: submitted, resolve: submit } = withResolvers();
    const { promise: first, resolve: loaded } = withResolvers();
    let latest;
    const laidOut = (layout) => {
      latest = layout;
      loaded();
    };
    visits.set(id, { laidOut, submit });
    return {
      url: `${origin}/visit/${id}`,
      origin,
      fields: FIELDS,
      checkbox: CHECKBOX,
      submit: SUBMIT,
      action: ACTION,
      verifier,
      submitted,
      layout: async () => {
        await first;
        return latest;
      },
      close: () => visits.delete(id),
    };
  }
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
