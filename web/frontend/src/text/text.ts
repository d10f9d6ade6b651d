/** The panel's words in the reader's language. Owns the current language; all texts stand in web/locales. */
import type ja from "../../../locales/ja.json";

export type Key = keyof (typeof ja)["ui"];
export type Locale = "ja" | "en";

type Words = Readonly<Record<string, string>>;

const LOADERS: Record<Locale, () => Promise<{ default: { ui: Words; reasons: Words; errors: Words } }>> = {
  ja: () => import("../../../locales/ja.json"),
  en: () => import("../../../locales/en.json"),
};

let words: Words = {};
let current: Locale = "ja";
const listeners = new Set<() => void>();

export function locale(): Locale {
  return current;
}

export function asLocale(text: string | null | undefined): Locale {
  return text?.startsWith("en") ? "en" : "ja";
}

function within(group: string, texts: Words): Words {
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [`${group}.${id}`, text]));
}

/** Loads a language and shows it; everything on the page is drawn anew. */
export async function useLocale(next: Locale): Promise<void> {
  const { ui, reasons, errors } = (await LOADERS[next]()).default;
  words = { ...ui, ...within("reasons", reasons), ...within("errors", errors) };
  current = next;
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function onLocale(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A text; `{name}` in it is replaced by `values.name`. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(words[key] ?? key, values);
}

/** A text whose key is made of a code from the server; `otherwise` when there is none. */
export function maybe(
  group: string,
  code: string,
  otherwise: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const key = `${group}.${code}`;
  return Object.hasOwn(words, key) ? fill(words[key] ?? "", values) : otherwise;
}

/** The codes that have a text in a group, in the order of their names. */
export function codes(group: string): string[] {
  const start = `${group}.`;
  const keys = Object.keys(words).filter((key) => key.startsWith(start));
  return keys.map((key) => key.slice(start.length)).sort();
}

/** Replaces each `{name}` once, by plain text. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
