import { useEffect, useRef, useState } from "preact/hooks";
import { asHeapscopeError, type HeapscopeError } from "../../shared/errors.ts";
import type { ActionName } from "./action-words.ts";

/** What became of the last thing that was asked of the board. */
export type ActionState =
  | { readonly kind: "idle" }
  | { readonly kind: "running"; readonly name: ActionName }
  | { readonly kind: "done"; readonly name: ActionName; readonly text: string }
  | { readonly kind: "failed"; readonly name: ActionName; readonly error: HeapscopeError };

/** Runs one action at a time: what is asked while another runs is not sent. `task` returns its outcome as a sentence. */
export function useAction(): readonly [
  state: ActionState,
  run: (name: ActionName, task: () => Promise<string>) => void,
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
        if (!isGone.current) setState(next);
      });
  };
  return [state, run];
}
