import { useEffect, useId, useState } from "preact/hooks";
import type { DaemonRest } from "../../client/daemon-rest.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { useDashboard, useSession } from "../model/session.tsx";
import { Failure } from "../parts/failure.tsx";
import {
  type ActionName,
  attachedText,
  collectedText,
  minutesOf,
  readText,
  releasedText,
  wantsToken,
  whyNot,
} from "./action-words.ts";
import { TokenOffer } from "./token-offer.tsx";
import { useAction } from "./use-action.ts";

/** Modules are asked for where they are shown (advice-panel). */
type ButtonName = Exclude<ActionName, "modules">;

const names: readonly (readonly [name: ButtonName, text: string, busyText: string])[] = [
  ["read", "Read map now", "Reading …"],
  ["collect", "Collect now", "Collecting …"],
  ["release", "Release", "Releasing …"],
  ["attach", "Attach", "Attaching …"],
];

/** What a person may ask of the board, and what came of it in a sentence. */
export function BoardActions({ entry }: { readonly entry: BoardEntry }) {
  const { rest } = useSession();
  const { connection } = useDashboard();
  const [state, run, outdated] = useAction();
  const [minutes, setMinutes] = useState("");
  const reasonsId = useId();
  const { board } = entry;
  const doing = board.state.kind;
  // What was done is over when the board does something else.
  useEffect(outdated, [doing, outdated]);
  const isWrong = minutes.trim() !== "" && minutesOf(minutes) === null;
  const running = state.kind === "running" ? state.name : null;
  const blocked = names.map(([name]) => {
    if (name === "release" && isWrong)
      return "The time must be a whole number of minutes, 1 to 1440 (a day).";
    return whyNot(name, board, connection);
  });
  return (
    <div class="actions">
      {/* Not "disabled": a button with the focus would lose it, and nobody would hear why. */}
      {names.map(([name, text, busyText], at) => (
        <button
          key={name}
          type="button"
          aria-disabled={blocked[at] !== null || running !== null}
          aria-describedby={blocked[at] === null ? undefined : reasonsId}
          title={blocked[at] ?? undefined}
          onClick={() => {
            if (blocked[at] === null) run(name, () => doIt(rest, name, board.id, minutesOf(minutes)));
          }}
        >
          {running === name ? busyText : text}
        </button>
      ))}
      <label class="release-for">
        Release for{" "}
        <input
          type="text"
          inputMode="numeric"
          size={4}
          placeholder="∞"
          aria-invalid={isWrong}
          value={minutes}
          onInput={(event) => setMinutes(event.currentTarget.value)}
        />{" "}
        min <span class="quiet">(empty: until attached)</span>
      </label>
      <p class="quiet reasons" id={reasonsId}>
        {reasonsText(blocked)}
      </p>
      <p class="outcome" role="status">
        {state.kind === "done" && state.text}
      </p>
      {state.kind === "failed" && <Failure error={state.error} />}
      {state.kind === "failed" && wantsToken(state.error) && <TokenOffer />}
    </div>
  );
}

async function doIt(
  rest: DaemonRest,
  name: ButtonName,
  boardId: string,
  minutes: number | null,
): Promise<string> {
  switch (name) {
    case "read":
      return readText(await rest.read(boardId, { map: true }));
    case "collect":
      return collectedText(await rest.collect(boardId));
    case "release":
      return releasedText(
        await rest.release(boardId, minutes === null ? {} : { seconds: minutes * 60 }),
        minutes,
      );
    case "attach":
      return attachedText(await rest.attach(boardId));
  }
}

/** "Read map now, Collect now: Its port is gone." Reasons that several buttons share are said once. */
function reasonsText(blocked: readonly (string | null)[]): string {
  const named = new Map<string, string[]>();
  blocked.forEach((reason, at) => {
    const text = names[at]?.[1];
    if (reason !== null && text !== undefined) named.set(reason, [...(named.get(reason) ?? []), text]);
  });
  return [...named].map(([reason, texts]) => `${texts.join(", ")}: ${reason}`).join(" ");
}
