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
  const element = document.currentScript;
  const own = element ? element.src : "";
  const base = own.replace(/\/recaptcha\/shim\.js([?#].*)?$/, "");
  if (base === own) return;
  const theirs = /^\s*(?:https?:)?\/\/(?:www\.)?(?:google\.com|recaptcha\.net)\/recaptcha\/(api|enterprise)\.js((?:[?#].*)?)$/i;
  const { prototype } = HTMLScriptElement;
  const { trustedTypes } = window;
  let policy;
  function redirected(address) {
    const found = theirs.exec(String(address));
    if (!found) return address;
    const ours = `${base}/recaptcha/${found[1]}.js${found[2]}`;
    if (!trustedTypes) return ours;
    policy = policy || trustedTypes.createPolicy("touchstone-shim", { createScriptURL: (url) => url });
    return policy.createScriptURL(ours);
  }
  const src = Object.getOwnPropertyDescriptor(prototype, "src");
  const setSrc = src.set;
  Object.defineProperty(prototype, "src", {
    ...src,
    set(address) {
      setSrc.call(this, redirected(address));
    }
  });
  const setAttribute = prototype.setAttribute;
  prototype.setAttribute = function(name, value) {
    setAttribute.call(this, name, String(name).toLowerCase() === "src" ? redirected(value) : value);
  };
})();
