import { memo } from "preact/compat";
import { useEffect } from "preact/hooks";
import type { AnalysisView, CollectionView } from "../../client/views.ts";
import { countText, durationText } from "../../shared/units-text.ts";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { LoadFailure } from "../parts/load-failure.tsx";
import { Time } from "../parts/time.tsx";
import { analysisFigures, isOutdated } from "./analysis-words.ts";
import { Sentence } from "./sentence.tsx";

const everyMs = 5 * 60_000;

interface AnalysisPanelProps {
  readonly boardId: string;
  /** As they came over the feed, oldest first. */
  readonly live: readonly CollectionView[];
  /** Its application reports by itself, and is not asked. */
  readonly isHelper: boolean;
}

/** What the history says about the board's memory: the findings in sentences, then each figure or what is missing for it. */
export const AnalysisPanel = memo(({ boardId, live, isHelper }: AnalysisPanelProps) => {
  const [loaded, reload] = useLoad((rest, signal) => rest.analysis(boardId, {}, signal), [boardId], everyMs);
  const analysis = loadedValue(loaded);
  const isDue = loaded.kind === "ready" && isOutdated(loaded.value, live.at(-1)?.at);
  useEffect(() => {
    if (isDue) reload();
  }, [isDue, reload]);
  const error = "error" in loaded ? loaded.error : null;
  return (
    <section class="panel" aria-labelledby="analysis-title">
      <h2 id="analysis-title">Analysis</h2>
      {error !== null && <LoadFailure error={error} onRetry={reload} />}
      {loaded.kind === "loading" && <p class="quiet">Asking the daemon …</p>}
      {analysis !== undefined && <Findings analysis={analysis} isHelper={isHelper} />}
    </section>
  );
});

function Findings({ analysis, isHelper }: { readonly analysis: AnalysisView; readonly isHelper: boolean }) {
  const { counts, from, to, findings } = analysis;
  const span = durationText((Date.parse(to) - Date.parse(from)) / 1000);
  return (
    <>
      <ul class="findings">
        {findings.map((sentence) => (
          <li key={sentence}>
            <Sentence text={sentence} />
          </li>
        ))}
      </ul>
      <dl class="facts analysis-figures">
        {analysisFigures(analysis, isHelper).map(({ name, text, isKnown, at }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={isKnown ? "" : "quiet"}>
              {text}
              {at !== undefined && (
                <>
                  {" "}
                  <span class="quiet">
                    (<Time at={at} />)
                  </span>
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
      <p class="quiet basis">
        From {countText(counts.readings, "reading")}, {countText(counts.collections, "collection")} and{" "}
        {countText(counts.maps, "map")} of the last {span}, as of <Time at={to} />. Looked at again after a
        collection, once a minute at most.
      </p>
    </>
  );
}
