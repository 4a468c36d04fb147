import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { connectFeed } from "../../client/connect-feed.ts";
import { type DaemonRest, daemonRest } from "../../client/daemon-rest.ts";
import { DashboardModel, type DashboardState } from "./dashboard-model.ts";
import { HostClock } from "./host-clock.ts";
import { Pulse } from "./pulse.ts";
import { isFollowed } from "./verdict.ts";

/** One connection to the daemon with all that came over it. A new token begins a new one. */
export interface Session {
  readonly rest: DaemonRest;
  readonly clock: HostClock;
  /** Beats when the state changes, four times a second at most. */
  readonly changes: Pulse;
  /** Beats every second. */
  readonly seconds: Pulse;
  state(): DashboardState;
  /** When the feed was last heard, by the daemon's clock; null: it is connected. */
  lostAtMs(): number | null;
  /** The token that requests carry; null: none. */
  readonly token: string | null;
  /** Null forgets it. */
  setToken(token: string | null): void;
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

/** Opens a connection for as long as the component lives. */
export function useNewSession(token: string | null, setToken: (token: string | null) => void): Session {
  const session = useMemo(() => openSession(token, setToken), [token, setToken]);
  // Before the first paint: what is painted next comes over the feed.
  useLayoutEffect(() => session.start(), [session]);
  return session;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error("no session around this component");
  return session;
}

/** What is known now; the component is drawn again when that changes, four times a second at most. */
export function useDashboard(): DashboardState {
  const { changes, state } = useSession();
  const [current, setCurrent] = useState(state);
  useEffect(() => {
    setCurrent(state());
    return changes.listen(() => setCurrent(state()));
  }, [changes, state]);
  return current;
}

/** The time on the daemon's machine, ms since the epoch; the component is drawn again every second. */
export function useHostNowMs(): number {
  const { clock, seconds } = useSession();
  const [nowMs, setNowMs] = useState(() => clock.nowMs());
  useEffect(() => seconds.listen(() => setNowMs(clock.nowMs())), [clock, seconds]);
  return nowMs;
}

function openSession(
  token: string | null,
  setToken: (token: string | null) => void,
): Session & { start(): () => void } {
  const clock = new HostClock();
  const changes = new Pulse(250);
  const seconds = new Pulse(0);
  let lostAtMs: number | null = null;
  const model = new DashboardModel((isSnapshot) => {
    if (isFollowed(model.connection)) lostAtMs = null;
    else lostAtMs ??= clock.nowMs();
    if (isSnapshot) changes.beatNow();
    else changes.beat();
  });
  const url = location.origin;
  const rest = daemonRest({
    url,
    token: token ?? undefined,
    fetch: async (address, request) => {
      const sentMs = Date.now();
      const answer = await fetch(address, request);
      const beforeMs = clock.offsetMs;
      clock.note(answer.headers.get("date"), sentMs);
      // Ages by a clock that turns out to be wrong are not shown until the next second.
      if (Math.abs(clock.offsetMs - beforeMs) >= 1000) seconds.beat();
      return answer;
    },
  });
  const start = (): (() => void) => {
    const feed = connectFeed({ url, webSocket: WebSocket, token: token ?? undefined }, model);
    const ticking = setInterval(() => seconds.beat(), 1000);
    // Every answer's Date header tells the host's time; this one comes where nothing else is asked.
    const ask = (): void => void rest.health().catch(() => {});
    const asking = setInterval(ask, 60_000);
    return () => {
      clearInterval(ticking);
      clearInterval(asking);
      feed.close();
      changes.stop();
    };
  };
  let last: DashboardState = model.state;
  let lastAt = -1;
  const state = (): DashboardState => {
    // One object per change, so that who compares sees none where there is none.
    if (lastAt !== model.version) {
      last = model.state;
      lastAt = model.version;
    }
    return last;
  };
  return { rest, clock, changes, seconds, state, lostAtMs: () => lostAtMs, token, setToken, start };
}
