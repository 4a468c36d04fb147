import { useMemo, useState } from "preact/hooks";
import type { BlockMapView, MapDiffView, ReadingView } from "../../client/views.ts";
import { blockWords } from "../../shared/block-words.ts";
import { changeText, percentText, sizeText } from "../../shared/units-text.ts";
import { HeapMap } from "../map/heap-map.tsx";
import { cellsOfMap } from "../map/map-cells.ts";
import { hex } from "../map/place-text.ts";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { Failure } from "../parts/failure.tsx";
import { Time } from "../parts/time.tsx";
import {
  areaSentences,
  type ChangeKind,
  changeKinds,
  changeWords,
  largestChanges,
  letterRows,
  marksOfDiff,
  totalText,
} from "./diff-figures.ts";
import type { MapPair } from "./map-chooser.tsx";

const kindWords: Readonly<Record<ChangeKind, string>> = {
  appeared: "appeared",
  went: "went",
  changed: "changed",
};
const kindSigns: Readonly<Record<ChangeKind, string>> = { appeared: "+", went: "▫", changed: "/" };
const mostChanges = 12;

/** What changed from one map to a later one. `onGone`: one of them is no longer stored. */
export function DiffPanel({
  boardId,
  pair,
  onGone,
}: {
  readonly boardId: string;
  readonly pair: MapPair;
  readonly onGone: () => void;
}) {
  const { from, to } = pair;
  const [loaded, reload] = useLoad(
    async (rest, signal) => {
      const [diff, newer] = await Promise.all([
        rest.mapDiff(boardId, { from, to }, signal),
        rest.map(boardId, to, signal),
      ]);
      return { diff, newer };
    },
    [boardId, from, to],
  );
  const value = loadedValue(loaded);
  if (value !== undefined) return <Diff {...value} />;
  if (loaded.kind !== "failed") return <p class="quiet">Comparing the two maps …</p>;
  if (loaded.error.context["problem"] === "map-unknown") {
    return (
      <p class="failure" role="alert">
        One of these two maps is not stored, or no longer: as time goes by the history keeps fewer maps.
        Choose another one.{" "}
        <button type="button" onClick={onGone}>
          Compare the newest two
        </button>
      </p>
    );
  }
  return <Failure error={loaded.error} onRetry={reload} />;
}

function Diff({ diff, newer }: { readonly diff: MapDiffView; readonly newer: BlockMapView }) {
  const [hidden, setHidden] = useState<ReadonlySet<ChangeKind>>(new Set());
  const cells = useMemo(() => cellsOfMap(newer), [newer]);
  const marks = useMemo(
    () => marksOfDiff(diff, cells, new Set(changeKinds.filter((kind) => !hidden.has(kind)))),
    [diff, cells, hidden],
  );
  const { totals, blockSizeBytes } = diff;
  const isSame = changeKinds.every((kind) => totals[kind] === 0);
  return (
    <>
      {areaSentences(diff).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {isSame && <p>Not one block differs between these two maps.</p>}
      <fieldset class="diff-totals">
        <legend class="visually-hidden">Changes that are marked in the map</legend>
        {changeKinds.map((kind) => (
          <label key={kind} class={`diff-total diff-${kind}`}>
            <input
              type="checkbox"
              checked={!hidden.has(kind)}
              onChange={(event) => {
                const next = new Set(hidden);
                if (event.currentTarget.checked) next.delete(kind);
                else next.add(kind);
                setHidden(next);
              }}
            />{" "}
            <span class="diff-sign" aria-hidden="true">
              {kindSigns[kind]}
            </span>{" "}
            <strong>{kindWords[kind]}</strong> {totalText(totals[kind], blockSizeBytes)}
          </label>
        ))}
      </fieldset>
      <HeapMap cells={cells} marks={marks} label="The newer heap map with its changes marked" />
      <div class="diff-tables">
        <Before diff={diff} />
        <Types diff={diff} />
        <Largest diff={diff} />
      </div>
    </>
  );
}

function Before({ diff: { older, newer } }: { readonly diff: MapDiffView }) {
  const bytes = (of: (reading: ReadingView) => number | null): readonly [string, string, string] => {
    const [was, is] = [of(older), of(newer)];
    const change = was !== null && is !== null ? netText(is - was) : "–";
    return [was === null ? "–" : sizeText(was), is === null ? "–" : sizeText(is), change];
  };
  const share = ({ fragmentation }: ReadingView): string =>
    fragmentation === null ? "–" : percentText(fragmentation);
  const rows = [
    ["Used", ...bytes(({ heap }) => heap.usedBytes)],
    ["Free", ...bytes(({ heap }) => heap.freeBytes)],
    ["Largest free block", ...bytes(({ largestFreeBytes }) => largestFreeBytes)],
    ["Fragmentation", share(older), share(newer), ""],
  ] as const;
  return (
    <table class="diff-table">
      <caption>The heap before and after</caption>
      <thead>
        <tr>
          <td />
          <th scope="col" class="number">
            <Time at={older.at ?? 0} />
          </th>
          <th scope="col" class="number">
            <Time at={newer.at ?? 0} />
          </th>
          <th scope="col" class="number">
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, was, is, change]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="number">{was}</td>
            <td class="number">{is}</td>
            <td class="number">{change}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Types({ diff }: { readonly diff: MapDiffView }) {
  const rows = letterRows(diff);
  if (rows.length === 0) return null;
  return (
    <table class="diff-table">
      <caption>By type</caption>
      <thead>
        <tr>
          <th scope="col">Type</th>
          <th scope="col" class="number">
            Gained
          </th>
          <th scope="col" class="number">
            Lost
          </th>
          <th scope="col" class="number">
            Net
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ letter, gainedBytes, lostBytes, netBytes }) => (
          <tr key={letter}>
            <th scope="row">
              <code>{letter}</code> {blockWords(letter).words}
            </th>
            <td class="number">{sizeText(gainedBytes)}</td>
            <td class="number">{sizeText(lostBytes)}</td>
            <td class="number">{netText(netBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Largest({ diff }: { readonly diff: MapDiffView }) {
  const changes = largestChanges(diff, mostChanges);
  if (changes.length === 0) return null;
  const hasAreas = diff.areas.length > 1;
  return (
    <table class="diff-table">
      <caption>The largest changes</caption>
      <thead>
        <tr>
          <th scope="col">Offset</th>
          <th scope="col">Change</th>
          <th scope="col">What</th>
          <th scope="col" class="number">
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={`${change.base} ${change.offset}`}>
            <th scope="row">
              {hasAreas && <code>0x{change.base} + </code>}
              <code>{hex(change.offset * diff.blockSizeBytes)}</code>
            </th>
            <td>
              <span class={`diff-${change.kind}`}>
                <span class="diff-sign" aria-hidden="true">
                  {kindSigns[change.kind]}
                </span>{" "}
                {kindWords[change.kind]}
              </span>
            </td>
            <td>{changeWords(change)}</td>
            <td class="number">{sizeText(change.blocks * diff.blockSizeBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function netText(bytes: number): string {
  return bytes === 0 ? "0 B" : changeText(bytes);
}
