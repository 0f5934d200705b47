// The two requests of the agent, from a program that is no browser.

import { request } from "node:http";

/** Headers as a script sends them that only wants to be let in. */
export const scriptHeaders = (origin) => ({ origin, "user-agent": "python-requests/2.34" });

/** Headers as Chromium sends them with the agent's requests, in its order. */
export function browserHeaders(origin, userAgent) {
  const version = userAgent.match(/Chrome\/(\d+)/)[1];
  return {
    "sec-ch-ua-platform": '"Linux"',
    "user-agent": userAgent,
    "sec-ch-ua": `"Chromium";v="${version}", "Not?A_Brand";v="24"`,
    "sec-ch-ua-mobile": "?0",
    accept: "*/*",
    origin,
    "sec-fetch-site": "same-site",
    "sec-fetch-mode": "cors",
    "sec-fetch-dest": "empty",
    referer: `${origin}/`,
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": "en-GB,en;q=0.9",
  };
}

/**
 * Posts to a door of the agent: `session` or `token`. `fetch` would add headers of its own and refuse some of these.
 *
 * @returns the answer's body; its status must be 200
 */
export function post(site, door, body, headers) {
  const { verifier } = site;
  const url = `${verifier.origin}/recaptcha/agent/${door}?k=${verifier.siteKey}`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers: { ...headers, "content-length": body.length } }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const answer = Buffer.concat(chunks);
      if (response.statusCode === 200) resolve(answer);
      else reject(new Error(`${door}: status ${response.statusCode}: ${answer.toString("latin1").slice(0, 200)}`));
    });
    sent.once("error", reject);
    sent.end(body);
  });
}
