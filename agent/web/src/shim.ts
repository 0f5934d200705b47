/*!
 * Touchstone's shim: sends the reCAPTCHA scripts that a library asks for by a fixed address to this verifier.
 *
 * For libraries that hard-code the host, and for pages whose components remove and add the script anew. Load it by a script
 * element of its own from https://YOUR-VERIFIER/recaptcha/shim.js, without async or defer, before anything may add a script.
 *
 * From then on the addresses of api.js and enterprise.js at www.google.com, google.com, www.recaptcha.net and recaptcha.net,
 * set by the property `src` or by `setAttribute`, lead to the verifier that served this file, with their query as it was.
 * Nothing else is touched. Scripts that are written in the page's own HTML are not: change their address there.
 *
 * Where a policy demands trusted types and lists their names, it must allow `touchstone-shim`.
 */
(() => {
  const element = document.currentScript as HTMLScriptElement | null;
  const own = element ? element.src : "";
  const base = own.replace(/\/recaptcha\/shim\.js([?#].*)?$/, "");
  // Not loaded as described above: whose verifier this is cannot be known.
  if (base === own) return;

  const theirs = /^\s*(?:https?:)?\/\/(?:www\.)?(?:google\.com|recaptcha\.net)\/recaptcha\/(api|enterprise)\.js((?:[?#].*)?)$/i;
  type Setter = (this: HTMLScriptElement, address: unknown) => void;
  type SetAttribute = (this: HTMLScriptElement, name: string, value: unknown) => void;
  type Factory = { createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy };
  type Policy = { createScriptURL(address: string): unknown };
  const { prototype } = HTMLScriptElement;
  const { trustedTypes } = window as unknown as { trustedTypes?: Factory };
  let policy: Policy | undefined;

  /** The address to load instead; what is none of those above comes back as it was, of whatever type. */
  function redirected(address: unknown): unknown {
    const found = theirs.exec(String(address));
    if (!found) return address;
    const ours = `${base}/recaptcha/${found[1]}.js${found[2]}`;
    if (!trustedTypes) return ours;
    policy = policy || trustedTypes.createPolicy("touchstone-shim", { createScriptURL: (url) => url });
    return policy.createScriptURL(ours);
  }

  const src = Object.getOwnPropertyDescriptor(prototype, "src")!;
  const setSrc = src.set as Setter;
  Object.defineProperty(prototype, "src", {
    ...src,
    set(this: HTMLScriptElement, address: unknown) {
      setSrc.call(this, redirected(address));
    },
  });

  const setAttribute = prototype.setAttribute as SetAttribute;
  prototype.setAttribute = function (this: HTMLScriptElement, name: string, value: unknown) {
    setAttribute.call(this, name, String(name).toLowerCase() === "src" ? redirected(value) : value);
  };
})();
