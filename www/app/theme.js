/** Light, dark, or what the system says. */
import { keep, recall } from "./storage.js";

export const THEMES = ["system", "light", "dark"];

export function theme() {
  const kept = recall("theme");
  return THEMES.includes(kept) ? kept : "system";
}

function show(name) {
  if (name === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = name;
  }
}

export function setTheme(name) {
  keep("theme", name);
  show(name);
}

export const startTheme = () => show(theme());
