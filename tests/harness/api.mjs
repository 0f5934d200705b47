// What a customer's backend and an attacker send: plain HTTP.

/**
 * Asks for an assessment. Resolves to the parsed answer, with its `status`, whatever that is.
 *
 * @param event further fields of the event, such as `siteKey` and `expectedAction`
 */
export async function assess(verifier, token, { event = {}, project = verifier.project, apiKey = verifier.apiKey, explain = false, headers = {} } = {}) {
  const response = await fetch(`${verifier.origin}/v1/projects/${project}/assessments`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-goog-api-key": apiKey,
      ...(explain ? { "x-touchstone-explain": "1" } : {}),
      ...headers,
    },
    body: JSON.stringify({ event: { token, ...event } }),
  });
  return { status: response.status, ...(await response.json()) };
}

/** Asks siteverify in one of its three forms: `get`, `form`, `json`. Resolves to the parsed answer. */
export async function siteVerify(verifier, { secret = verifier.secret, response } = {}, form = "form") {
  const url = `${verifier.origin}/recaptcha/api/siteverify`;
  const fields = { secret, response };
  const asked = {
    get: () => fetch(`${url}?${new URLSearchParams(fields)}`),
    form: () => fetch(url, { method: "POST", body: new URLSearchParams(fields) }),
    json: () => fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fields) }),
  };
  const answer = await asked[form]();
  return { status: answer.status, ...(await answer.json()) };
}

/** Makes a site key as a backend does. Resolves to its id. */
export async function newKey(verifier, settings) {
  const { name } = await call(verifier, "POST", "keys", { displayName: "test", ...settings });
  return name.split("/").at(-1);
}

/** Sets the policy of a Universal key. */
export async function setPolicy(verifier, siteKey, policy) {
  await call(verifier, "PATCH", `keys/${siteKey}/policy`, policy);
}

/** Calls the API on a resource of the project; an answer that is an error is thrown. */
export async function call(verifier, method, resource, body) {
  const response = await fetch(`${verifier.origin}/v1/projects/${verifier.project}/${resource}`, {
    method,
    headers: { "content-type": "application/json", "x-goog-api-key": verifier.apiKey },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

/** Posts bytes to a door of the agent, `session` or `token`, as the agent does: without a content type. */
export async function postToAgent(verifier, door, bytes, { siteKey = verifier.siteKey, origin = "http://localhost" } = {}) {
  const response = await fetch(`${verifier.origin}/recaptcha/agent/${door}?k=${encodeURIComponent(siteKey)}`, {
    method: "POST",
    headers: { origin },
    body: bytes,
  });
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !CHANGING.includes(name)),
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** A report as the script sends it where there is no WebAssembly: valid, and worth 0.1. */
export const plainReport = (action = "login") => Buffer.concat([Buffer.of(0, 1), Buffer.from(action)]);

/** Headers that differ from answer to answer. */
const CHANGING = ["date", "x-request-id"];
