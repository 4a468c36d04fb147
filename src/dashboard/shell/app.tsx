import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { SessionProvider, useDashboard, useNewSession } from "../model/session.tsx";
import { Overview } from "../overview/overview.tsx";
import { Banners } from "./banners.tsx";
import { Header } from "./header.tsx";
import { hrefOf, type Route } from "./route.ts";
import { TokenForm } from "./token-form.tsx";
import { useRoute } from "./use-route.ts";

const tokenKey = "heapscope-token";

/** The whole page. The token lives as long as the browser's tab. */
export function App() {
  const [token, setTokenState] = useState(() => sessionStorage.getItem(tokenKey));
  const setToken = useCallback((next: string | null) => {
    if (next === null) sessionStorage.removeItem(tokenKey);
    else sessionStorage.setItem(tokenKey, next);
    setTokenState(next);
  }, []);
  const session = useNewSession(token, setToken);
  useEffect(() => {
    // So that a look at a board needs no daemon that is still there.
    const timer = setTimeout(() => void loadBoardView().catch(() => {}), fetchAheadMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <SessionProvider value={session}>
      <Frame />
    </SessionProvider>
  );
}

function Frame() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = route.kind === "overview" || route.kind === "unknown" ? route.kind : route.boardId;
  const seen = useRef(place);
  useEffect(() => {
    if (seen.current === place) return;
    seen.current = place;
    // Who uses a keyboard or a screen reader goes on in the new view.
    main.current?.focus();
    scrollTo(0, 0);
  }, [place]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header route={route} />
      <main id="main" ref={main} tabIndex={-1}>
        <Banners />
        <Content route={route} />
      </main>
    </>
  );
}

function Content({ route }: { readonly route: Route }) {
  const { connection, isKnown } = useDashboard();
  const isRefused = connection.kind === "refused";
  if (isRefused && connection.status === 401) return <TokenForm />;
  if (!isKnown) return isRefused ? null : <p class="quiet">Asking the daemon for its boards …</p>;
  switch (route.kind) {
    case "overview":
      return <Overview />;
    case "unknown":
      return (
        <p>
          There is no page “{route.path}”. <a href={hrefOf({ kind: "overview" })}>All boards</a>
        </p>
      );
    default:
      return <BoardPage route={route} />;
  }
}

const loadBoardView = () => import("../board/board-view.tsx");
/** Until the overview stands, ms. */
const fetchAheadMs = 2_000;

/** Charts and maps come when a board is looked at, or a little later: the overview is there sooner without them. */
function BoardPage({ route }: { readonly route: Extract<Route, { readonly boardId: string }> }) {
  const [part, setPart] = useState<typeof import("../board/board-view.tsx") | "failed" | null>(null);
  useEffect(() => {
    loadBoardView().then(setPart, () => setPart("failed"));
  }, []);
  if (part === "failed")
    return <p class="failure">This part of the page could not be loaded. Reload the page to try again.</p>;
  if (part === null) return <p class="quiet">Loading the board's page …</p>;
  return <part.BoardView route={route} />;
}
