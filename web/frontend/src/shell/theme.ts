/** Light, dark or the system's choice; kept in this browser. */

export type Theme = "light" | "dark" | "auto";

const KEY = "sasayaki.theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    // A browser may refuse storage; then the system decides.
    return "auto";
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    document.documentElement.dataset.theme = theme === "auto" ? systemTheme() : theme;
    return;
  }
  applyTheme();
}

export function applyTheme(): void {
  const theme = readTheme();
  document.documentElement.dataset.theme = theme === "auto" ? systemTheme() : theme;
}

function systemTheme(): "light" | "dark" {
  return system.matches ? "dark" : "light";
}

system.addEventListener("change", applyTheme);
