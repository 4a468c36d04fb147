import type { FeedState, WatchView } from "../app/watch-view.ts";
import { ageText } from "../shared/units-text.ts";
import { isSilent } from "./render/watch-signs.ts";

/** What `watch` in a pipe has to say of the connection: each thing once when it begins and once when it is over; null: nothing. */
export class WatchNotes {
  #isLost = false;
  #isSilent = false;

  connection(state: FeedState): string | null {
    const wasLost = this.#isLost;
    this.#isLost = wasLost ? state.kind !== "live" : state.kind === "waiting";
    if (state.kind === "waiting" && !wasLost)
      return `connection lost: ${state.reason} Waiting for the daemon to come back.`;
    return state.kind === "live" && wasLost ? "the daemon is back." : null;
  }

  /** To be asked every second or so. */
  silence(view: WatchView): string | null {
    const wasSilent = this.#isSilent;
    this.#isSilent = isSilent(view);
    if (this.#isSilent && !wasSilent)
      return `no news for ${ageText(view.silentMs)}: the daemon, the way to it or a board hangs.`;
    // That it was lost is a note of its own.
    const isOver = wasSilent && !this.#isSilent && view.connection.kind === "live";
    return isOver ? "there is news again." : null;
  }
}
