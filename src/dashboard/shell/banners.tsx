import { useRef } from "preact/hooks";
import { ageText, countText } from "../../shared/units-text.ts";
import { useDashboard, useHostNowMs, useSession } from "../model/session.tsx";
import { offsetText, steadyOffset } from "./clock-words.ts";

/** What is wrong with the page itself rather than with a board. */
export function Banners() {
  const { connection, alertsKnown, unstored, isKnown } = useDashboard();
  const { clock } = useSession();
  const offset = useRef(0);
  offset.current = steadyOffset(offset.current, clock.offsetMs);
  const isLost = connection.kind === "waiting" || (connection.kind === "connecting" && isKnown);
  return (
    <div class="banners" aria-live="polite">
      {isLost && <Lost isKnown={isKnown} reason={connection.kind === "waiting" ? connection.reason : ""} />}
      {connection.kind === "refused" && connection.status !== 401 && (
        <p class="banner banner-critical">{connection.reason}</p>
      )}
      {connection.kind === "replaying" && (
        <p class="banner banner-info">
          Catching up with what happened meanwhile: {countText(connection.behind, "event")} to come. Nothing
          is lost.
        </p>
      )}
      {!alertsKnown && (
        <p class="banner banner-warning">
          The daemon cannot read its history just now, so alerts may fire that are not shown here.
        </p>
      )}
      {unstored && (
        <p class="banner banner-warning">
          The daemon cannot write its history just now (a full disk, for one). What you see is live, and waits
          in its memory to be stored.
        </p>
      )}
      {offset.current !== 0 && <Skew offsetMs={offset.current} />}
    </div>
  );
}

function Lost({ isKnown, reason }: { readonly isKnown: boolean; readonly reason: string }) {
  const said = useRef("");
  if (reason !== "") said.current = reason;
  const nowMs = useHostNowMs();
  const sinceMs = useSession().lostAtMs() ?? nowMs;
  return (
    <p class="banner banner-critical">
      <strong>No connection to the daemon for {ageText(nowMs - sinceMs)}.</strong> {said.current}{" "}
      {isKnown
        ? "What you see is from before. The page keeps trying, and then shows what happened meanwhile."
        : "The page keeps trying. Is heapscope serve running?"}
    </p>
  );
}

function Skew({ offsetMs }: { readonly offsetMs: number }) {
  return (
    <p class="banner banner-info">
      This computer's clock is {offsetText(offsetMs)} {offsetMs > 0 ? "behind" : "ahead of"} the daemon's. All
      times and ages here are by the daemon's clock, shown in your time zone; one of the two clocks is wrong.
    </p>
  );
}
