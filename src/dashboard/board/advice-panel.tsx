import { memo } from "preact/compat";
import { useId } from "preact/hooks";
import type { BoardView } from "../../client/views.ts";
import { useDashboard, useSession } from "../model/session.tsx";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { Failure } from "../parts/failure.tsx";
import { LoadFailure } from "../parts/load-failure.tsx";
import { Time } from "../parts/time.tsx";
import { wantsToken, whyNot } from "./action-words.ts";
import { AdviceFinding } from "./advice-finding.tsx";
import { type Modules, modulesOutcome, modulesText, nothingText } from "./advice-words.ts";
import { TokenOffer } from "./token-offer.tsx";
import { useAction } from "./use-action.ts";

const everyMs = 10 * 60_000;

/** What would use the board's memory better, as far as it was measured; and what was looked at, where nothing would. */
export const AdvicePanel = memo(({ board }: { readonly board: BoardView }) => {
  const [loaded, reload] = useLoad((rest, signal) => rest.advice(board.id, {}, signal), [board.id], everyMs);
  const advice = loadedValue(loaded);
  const error = "error" in loaded ? loaded.error : null;
  return (
    <section class="panel" aria-labelledby="advice-title">
      <h2 id="advice-title">Advice</h2>
      {error !== null && <LoadFailure error={error} onRetry={reload} />}
      {loaded.kind === "loading" && <p class="quiet">Asking the daemon …</p>}
      {advice !== undefined && (
        <>
          {advice.findings.length === 0 ? (
            <p class="quiet">{nothingText(advice.subject)}</p>
          ) : (
            <ul class="advice">
              {advice.findings.map((finding) => (
                <AdviceFinding key={`${finding.code} ${finding.title}`} finding={finding} />
              ))}
            </ul>
          )}
          {advice.notMeasured.length > 0 && (
            <>
              <h3>Not measured</h3>
              <ul class="findings">
                {advice.notMeasured.map(({ title, reason }) => (
                  <li key={title}>
                    {title} <span class="quiet">{reason}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {advice.subject.kind === "board" && (
            <LoadedModules board={board} modules={advice.subject.modules} onAsked={reload} />
          )}
        </>
      )}
    </section>
  );
});

function LoadedModules({
  board,
  modules,
  onAsked,
}: {
  readonly board: BoardView;
  readonly modules: Modules;
  readonly onAsked: () => void;
}) {
  const { rest } = useSession();
  const { connection } = useDashboard();
  const [state, run] = useAction();
  const reasonId = useId();
  const blocked = whyNot("modules", board, connection);
  const isRunning = state.kind === "running";
  const ask = async (): Promise<string> => {
    const seen = await rest.listModules(board.id);
    onAsked();
    return modulesOutcome(seen);
  };
  return (
    <div class="advice-modules">
      <p>
        {modulesText(modules)}
        {modules !== null && (
          <span class="quiet">
            {" "}
            (<Time at={modules.at} />)
          </span>
        )}
      </p>
      <button
        type="button"
        aria-disabled={blocked !== null || isRunning}
        aria-describedby={blocked === null ? undefined : reasonId}
        title={blocked ?? undefined}
        onClick={() => {
          if (blocked === null) run("modules", ask);
        }}
      >
        {isRunning ? "Looking …" : "Look at loaded modules"}
      </button>
      <p class="quiet basis" id={reasonId}>
        {blocked}
      </p>
      <p class="advice-outcome" role="status">
        {state.kind === "done" && state.text}
      </p>
      {state.kind === "failed" && <Failure error={state.error} />}
      {state.kind === "failed" && wantsToken(state.error) && <TokenOffer />}
    </div>
  );
}
