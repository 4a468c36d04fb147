import { useEffect, useState } from "preact/hooks";

/** The value of a CSS variable of the page, such as `--muted`, for what is drawn on a canvas. */
export function cssColor(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim() || "#888888";
}

/** `color` with `alpha`, two hexadecimal digits. Of `#abc`, too: the style sheets' minifier shortens colours. */
export function faint(color: string, alpha: string): string {
  const long = /^#[0-9a-f]{3}$/i.test(color) ? `#${color.slice(1).replace(/./g, "$&$&")}` : color;
  return /^#[0-9a-f]{6}$/i.test(long) ? `${long}${alpha}` : color;
}

/** Another value each time the system changes between light and dark. */
export function useScheme(): "light" | "dark" {
  const [scheme, setScheme] = useState(current);
  useEffect(() => {
    const asked = matchMedia(darkQuery);
    const follow = (): void => setScheme(current());
    asked.addEventListener("change", follow);
    return () => asked.removeEventListener("change", follow);
  }, []);
  return scheme;
}

const darkQuery = "(prefers-color-scheme: dark)";

function current(): "light" | "dark" {
  return matchMedia(darkQuery).matches ? "dark" : "light";
}
