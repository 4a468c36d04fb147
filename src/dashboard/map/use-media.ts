import { useEffect, useState } from "preact/hooks";

/** Whether a media query holds; the component is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = (): void => setHolds(list.matches);
    follow();
    list.addEventListener("change", follow);
    return () => list.removeEventListener("change", follow);
  }, [query]);
  return holds;
}

export function useIsDark(): boolean {
  return useMedia("(prefers-color-scheme: dark)");
}

export function useIsStill(): boolean {
  return useMedia("(prefers-reduced-motion: reduce)");
}
