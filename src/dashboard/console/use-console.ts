import { useEffect, useState } from "preact/hooks";
import { asHeapscopeError, type HeapscopeError } from "../../shared/errors.ts";
import { useSession } from "../model/session.tsx";
import { type ConsoleState, emptyConsole, withAnswer } from "./console-items.ts";

const everyMs = 2_000;
/** The most that the daemon gives at once. */
const limit = 1_000;

export interface ConsoleFeed {
  readonly state: ConsoleState;
  /** False: nothing was answered yet. */
  readonly isLoaded: boolean;
  /** Why the last question failed; the lines before stay. */
  readonly error: HeapscopeError | null;
}

/** What the board prints, asked for every two seconds while the page is to be seen. */
export function useConsole(boardId: string): ConsoleFeed {
  const { rest } = useSession();
  const [feed, setFeed] = useState<ConsoleFeed>({ state: emptyConsole, isLoaded: false, error: null });
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isAsking = false;
    let state = emptyConsole;
    setFeed({ state, isLoaded: false, error: null });
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      if (isAsking || document.hidden || abort.signal.aborted) return;
      isAsking = true;
      try {
        const after = state.next ?? undefined;
        const answer = await rest.console(boardId, { after, limit }, abort.signal);
        state = withAnswer(state, answer);
        const now = state;
        setFeed((old) =>
          old.state === now && old.isLoaded && old.error === null
            ? old
            : { state: now, isLoaded: true, error: null },
        );
      } catch (reason) {
        if (abort.signal.aborted) return;
        const error = asHeapscopeError(reason);
        setFeed((old) => (old.error?.message === error.message ? old : { ...old, error }));
      } finally {
        isAsking = false;
        if (!abort.signal.aborted) timer = setTimeout(() => void ask(), everyMs);
      }
    };
    const onVisible = (): void => void ask();
    document.addEventListener("visibilitychange", onVisible);
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [rest, boardId]);
  return feed;
}
