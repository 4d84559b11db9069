import { all } from "../shared/dom";

const YEAR = 31_536_000;

/** The choice is kept in a cookie so that the server draws the page in it from the first byte. */
export function startTheme(): void {
  mark(document.documentElement.dataset["theme"] ?? "system");
  document.addEventListener("click", (event) => {
    const choice = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-theme-choice]") : null;
    if (choice) choose(choice.dataset["themeChoice"] ?? "system");
  });
}

function choose(theme: string): void {
  document.documentElement.dataset["theme"] = theme;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `parcours_theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  mark(theme);
}

function mark(theme: string): void {
  for (const button of all<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === theme));
  }
}
