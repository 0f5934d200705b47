/**
 * Says in a corner of the page that it is protected. The element is `body > div > div.grecaptcha-badge`: wrappers take it
 * off by its parent, and pages hide it by its class. Styles are set as properties, which no policy forbids.
 *
 * @param place `bottomleft`, or `inline` for the end of `inside`; `none` for no badge; all else is the corner at the right
 */
export function showBadge(place: string | null, inside: Element = document.body): void {
  if (place === "none" || inside.querySelector(".grecaptcha-badge")) return;
  const badge = document.createElement("div");
  badge.className = "grecaptcha-badge";
  badge.lang = "en";
  // All that is on a page belongs into some landmark, for those who go from one to the next.
  badge.setAttribute("role", "complementary");
  badge.setAttribute("aria-label", "Touchstone");
  badge.textContent = "protected by Touchstone";
  badge.style.cssText =
    (place === "inline" ? "width:max-content" : `position:fixed;bottom:14px;${place === "bottomleft" ? "left" : "right"}:0`) +
    ";padding:6px;font:12px sans-serif;color:#444;background:#eee;z-index:999";
  inside.appendChild(document.createElement("div")).appendChild(badge);
}
