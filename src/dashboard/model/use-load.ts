import { useCallback, useEffect, useState } from "preact/hooks";
import type { DaemonRest } from "../../client/daemon-rest.ts";
import { asHeapscopeError, type HeapscopeError } from "../../shared/errors.ts";
import { useDashboard, useSession } from "./session.tsx";

/** An answer of the daemon. `stale`: an older one, while the newer is on its way or could not be had. */
export type Loaded<Value> =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly value: Value }
  | { readonly kind: "stale"; readonly value: Value; readonly error: HeapscopeError | null }
  | { readonly kind: "failed"; readonly error: HeapscopeError };

/**
 * Asks the daemon as soon as the component is there, again when one of `keys` changes, when `reload` is called, every `everyMs`,
 * and when the connection has come back. `keys` must hold all that `ask` depends on; where they change the old answer goes.
 */
export function useLoad<Value>(
  ask: (rest: DaemonRest, signal: AbortSignal) => Promise<Value>,
  keys: readonly unknown[],
  everyMs?: number,
): readonly [loaded: Loaded<Value>, reload: () => void] {
  const { rest } = useSession();
  const { epoch, connection } = useDashboard();
  const isLive = connection.kind === "live";
  const about = JSON.stringify([...keys, epoch]);
  const [held, setHeld] = useState<{ readonly about: string; readonly loaded: Loaded<Value> }>();
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((one) => one + 1), []);

  // `about` stands for what `ask` depends on.
  useEffect(() => {
    const abort = new AbortController();
    const put = (next: (old: Loaded<Value>) => Loaded<Value>): void =>
      setHeld((old) => ({ about, loaded: next(old?.about === about ? old.loaded : { kind: "loading" }) }));
    put((old) => ("value" in old ? { kind: "stale", value: old.value, error: null } : old));
    ask(rest, abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) put(() => ({ kind: "ready", value }));
      },
      (reason: unknown) => {
        if (abort.signal.aborted) return;
        const error = asHeapscopeError(reason);
        put((old) =>
          "value" in old ? { kind: "stale", value: old.value, error } : { kind: "failed", error },
        );
      },
    );
    const timer = everyMs === undefined ? undefined : setTimeout(reload, everyMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [rest, about, turn, isLive, everyMs, reload]);

  return [held?.about === about ? held.loaded : { kind: "loading" }, reload];
}

/** The value, fresh or stale; undefined while there is none. */
export function loadedValue<Value>(loaded: Loaded<Value>): Value | undefined {
  return "value" in loaded ? loaded.value : undefined;
}
