import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { asHeapscopeError, type HeapscopeError } from "../../shared/errors.ts";
import type { ActionName } from "./action-words.ts";

/** What became of the last thing that was asked of the board. */
export type ActionState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly name: ActionName }
  | { readonly kind: "done"; readonly name: ActionName; readonly text: string }
  | { readonly kind: "failed"; readonly name: ActionName; readonly error: HeapscopeError };

/** An outcome is news for so long, ms. */
const newsMs = 20_000;
/** A change that comes within this time is the outcome itself, ms. */
const ownChangeMs = 3_000;

/**
 * Runs one action at a time: what is asked while another runs is not sent. `task` returns its outcome as a sentence, which goes by
 * itself after 20 s, or with `outdated`, unless it has just come. A failure stays until the next action.
 */
export function useAction(): readonly [
  state: ActionState,
  run: (name: ActionName, task: () => Promise<string>) => void,
  outdated: () => void,
] {
  const [state, setState] = useState<ActionState>({ kind: "idle" });
  // The state is drawn later than a second click may come.
  const isRunning = useRef(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const doneAtMs = useRef(0);
  useEffect(() => {
    if (state.kind !== "done") return;
    const timer = setTimeout(() => setState({ kind: "idle" }), newsMs);
    return () => clearTimeout(timer);
  }, [state]);
  const outdated = useCallback(() => {
    if (performance.now() - doneAtMs.current < ownChangeMs) return;
    setState((now) => (now.kind === "done" ? { kind: "idle" } : now));
  }, []);
  const run = (name: ActionName, task: () => Promise<string>): void => {
    if (isRunning.current) return;
    isRunning.current = true;
    setState({ kind: "running", name });
    task()
      .then(
        (text): ActionState => ({ kind: "done", name, text }),
        (reason: unknown): ActionState => ({ kind: "failed", name, error: asHeapscopeError(reason) }),
      )
      .then((next) => {
        isRunning.current = false;
        doneAtMs.current = performance.now();
        if (!isGone.current) setState(next);
      });
  };
  return [state, run, outdated];
}
