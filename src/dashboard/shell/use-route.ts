import { useEffect, useState } from "preact/hooks";
import { hrefOf, type Route, routeOf } from "./route.ts";

/** The route in the address; the component is drawn again when it changes. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = (): void => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return routeOf(hash);
}

/** Goes to `route`. `replace`: without a step in the browser's history, as for a choice within the same view. */
export function goTo(route: Exclude<Route, { readonly kind: "unknown" }>, replace = false): void {
  if (replace) {
    history.replaceState(null, "", hrefOf(route));
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = hrefOf(route);
  }
}
