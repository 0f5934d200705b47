/** Creates an element: no markup is ever parsed, so no policy of the page is in the way. */
export function create<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]!);
  element.append(...children);
  return element;
}

/**
 * An element whose inside the page's styles do not reach, nor its outside: all that matters there is said here, as properties.
 *
 * @param css of the inside; a sheet made by script, which a policy without 'unsafe-inline' allows
 * @param outside declarations for the element itself
 */
export function createHost(css: string, outside: string): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement("div");
  host.style.cssText = ("all:initial;" + outside).replace(/;|$/g, "!important;");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // A browser of before 2023.
    root.append(create("style", {}, css));
  }
  return { host, root };
}
