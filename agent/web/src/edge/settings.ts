/** What the verifier says of a site key, parsed once. */
export interface Settings {
  /** Name of the cookie in which the firewall looks for the session's token; undefined where the key is for something else. */
  sessionCookie: string | undefined;
  /** The first that matches counts. */
  endpoints: Endpoint[];
  /** Hosts beside the page's own origin where they may be. */
  hosts: string[];
}

/** Requests that carry a token. */
export interface Endpoint {
  /** A glob over the path: `*` stands for one whole segment, `**` at the end for any number of them. */
  path: string;
  action: string;
}

/** @throws when the verifier cannot be reached, or knows no such key */
export async function readSettings(base: string, key: string): Promise<Settings> {
  const response = await fetch(`${base}/recaptcha/agent/settings?k=${encodeURIComponent(key)}`, { credentials: "omit" });
  if (!response.ok) throw new Error(`the settings of site key ${key}: status ${response.status}`);
  const { sessionCookie, protectedEndpoints = [], hosts = [] } = await response.json();
  return { sessionCookie, endpoints: protectedEndpoints, hosts };
}
