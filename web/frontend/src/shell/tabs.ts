/** Tabs as links: which one is open stands in the address, so that it can be shared and gone back to. */
import { html, type TemplateResult } from "lit";
import { go } from "./pages";

/** `tabs`: what follows `?tab=` (empty for the first), and its words. */
export function tabLinks(label: string, address: string, current: string, tabs: readonly (readonly [string, string])[]): TemplateResult {
  return html`<nav class="tabs" aria-label=${label}>
    ${tabs.map(
      ([id, text]) =>
        html`<a href=${id ? `${address}?tab=${id}` : address} aria-current=${id === current ? "page" : "false"} @click=${go}>${text}</a>`,
    )}
  </nav>`;
}

/** The tab of the address; the first one for what is not among them. */
export function tabOf(known: readonly string[]): string {
  const tab = new URLSearchParams(window.location.search).get("tab") ?? "";
  return known.includes(tab) ? tab : "";
}
