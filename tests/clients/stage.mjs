// What a client needs around it: a verifier, with TLS if it insists, a customer's pages, and a browser that gets real tokens.

import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import { launch, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { execute } from "../harness/visitor.mjs";
import { createAuthority } from "./authority.mjs";

/**
 * Starts a verifier with a project, a site key and an API key, as `startVerifier` does.
 *
 * @param tls serves TLS alone, at https://localhost, by a certificate of the stage's authority
 * @param authority one that outlives the stage; without it, a stage with TLS makes its own
 * @param args further arguments of `touchstone serve`
 */
export async function startStage({ tls = false, authority: given, args = [] } = {}) {
  const authority = tls ? (given ?? createAuthority()) : undefined;
  const endings = [];
  const later = (end) => endings.unshift(end);
  const stop = async () => {
    for (const end of endings.splice(0)) await end();
  };
  if (authority && !given) later(authority.remove);
  try {
    const encrypted = tls ? ["--tls-cert", authority.certificate, "--tls-key", authority.key] : [];
    const verifier = await startVerifier({ args: [...encrypted, ...args] });
    later(verifier.stop);
    const port = Number(new URL(verifier.origin).port);
    if (tls) verifier.origin = `https://localhost:${port}`;
    const pages = { "/": { body: formPage(scriptTag(verifier)) } };
    const site = await startSite(pages);
    later(site.stop);

    let browser, visit;
    /**
     * Opens a page of the site, or any other; `asked` are the URLs that it requests.
     *
     * @param prepare called with the page before it goes anywhere
     */
    const open = async (path, prepare = () => {}) => {
      if (!browser) {
        browser = await launch();
        later(() => browser.close());
      }
      const opened = await openPage(browser, { ignoreHTTPSErrors: tls });
      opened.page.setDefaultTimeout(PATIENCE_MS);
      const asked = [];
      opened.page.on("request", (request) => asked.push(request.url()));
      await prepare(opened.page);
      await opened.page.goto(path.startsWith("http") ? path : site.origin + path);
      return { ...opened, asked };
    };
    /** A real token of the stage's site key: what `execute` gives on a page. */
    const token = async (action = "login") => {
      visit ??= open("/");
      return execute((await visit).page, verifier.siteKey, action);
    };
    /** Several of them, for a client that runs elsewhere. */
    const tokens = async (count, action) => {
      const made = [];
      while (made.length < count) made.push(await token(action));
      return made;
    };
    return { verifier, authority, port, site, pages, open, token, tokens, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Makes a web key of the stage's project by the API, for pages on localhost. Its testing options let every visitor pass: a
 * browser that says that it is driven would be asked a question.
 *
 * @returns its `siteKey` and `secret`
 */
export async function newKey(stage, integrationType) {
  const { name } = await operate(stage, "POST", "keys", {
    displayName: integrationType,
    webSettings: { integrationType, allowedDomains: ["localhost"] },
    testingOptions: { testingScore: 0.9, testingChallenge: "NOCAPTCHA" },
  });
  const siteKey = name.split("/").at(-1);
  const { legacySecretKey: secret } = await operate(stage, "GET", `keys/${siteKey}:retrieveLegacySecretKey`);
  return { siteKey, secret };
}

/**
 * Sends a request of the REST API, as an operator would with curl; resolves to the parsed answer.
 *
 * @param path what follows the project's name, such as `keys/6L…`
 */
export async function operate({ verifier, authority }, method, path, body) {
  const url = `${verifier.origin}/v1/projects/${verifier.project}/${path}`;
  const headers = { "content-type": "application/json", "x-goog-api-key": verifier.apiKey };
  const options = { method, headers, ca: authority && readFileSync(authority.ca) };
  const response = await new Promise((resolve, reject) => {
    const request = (authority ? https : http).request(url, options, resolve).on("error", reject);
    request.end(body && JSON.stringify(body));
  });
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode} ${answer}`);
  return JSON.parse(answer);
}

const PATIENCE_MS = 15_000;
