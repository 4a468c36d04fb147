import { useId, useMemo, useState } from "preact/hooks";
import type { BlockMapView } from "../../client/views.ts";
import { sizeText } from "../../shared/units-text.ts";
import { Time } from "../parts/time.tsx";
import { type FreeBin, findFits, fitsText, freeBins, parseByteSize } from "./fit.ts";

/** What could still be allocated in this map: the free runs by length, and whether a size that one enters fits. */
export function FitPanel({ map }: { readonly map: BlockMapView }) {
  const [text, setText] = useState("");
  const inputId = useId();
  const answerId = useId();
  const bytes = parseByteSize(text);
  const fits = useMemo(() => (bytes === null ? null : findFits(map, bytes)), [map, bytes]);
  const bins = useMemo(() => freeBins(map), [map]);
  const isBad = text.trim() !== "" && bytes === null;
  return (
    <section class="fit" aria-labelledby={`${inputId}-title`}>
      <h2 id={`${inputId}-title`}>What could still be allocated</h2>
      {map.reading.at !== null && (
        <p class="quiet fit-when">
          In the map of <Time at={map.reading.at} />
        </p>
      )}
      <div class="fit-ask">
        <label for={inputId}>Allocate</label>
        <input
          id={inputId}
          type="text"
          inputMode="text"
          autocomplete="off"
          spellcheck={false}
          placeholder="4096, 4k, 4 KiB"
          value={text}
          aria-invalid={isBad}
          aria-describedby={answerId}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <span>bytes in one piece</span>
        <span class="quiet">(k = 1024)</span>
      </div>
      <p id={answerId} class="fit-verdict" aria-live="polite">
        {isBad &&
          "Enter a number of bytes, from 1 byte to 1 GiB: 4096, 4k or 4 KiB. k and M are 1024 and 1024 × 1024."}
        {fits === null && !isBad && <LargestText map={map} />}
        {fits !== null && <Verdict {...fitsText(map, fits)} />}
      </p>
      <Bins bins={bins} blockSizeBytes={map.blockSizeBytes} neededBlocks={fits?.blocks ?? 0} />
    </section>
  );
}

function LargestText({ map }: { readonly map: BlockMapView }) {
  const { largestBlocks, freeBlocks } = findFits(map, 1);
  return (
    <>
      {sizeText(freeBlocks * map.blockSizeBytes)} are free; the most that fits in one piece is{" "}
      <strong>{sizeText(largestBlocks * map.blockSizeBytes)}</strong>.
    </>
  );
}

function Verdict({ ok, text }: { readonly ok: boolean; readonly text: string }) {
  return (
    <span class={ok ? undefined : "fit-verdict-no"}>
      <span aria-hidden="true">{ok ? "✓" : "✗"}</span> {text}
    </span>
  );
}

function Bins({
  bins,
  blockSizeBytes,
  neededBlocks,
}: {
  readonly bins: readonly FreeBin[];
  readonly blockSizeBytes: number;
  readonly neededBlocks: number;
}) {
  const most = Math.max(1, ...bins.map(({ blocks }) => blocks));
  if (bins.length === 0) return <p>Nothing is free: every allocation begins with a collection.</p>;
  return (
    <table class="fit-bins">
      <caption class="visually-hidden">Free runs by length, with the bytes they hold together</caption>
      <thead>
        <tr>
          <th scope="col">Free runs of</th>
          <th scope="col" class="number">
            Runs
          </th>
          <th scope="col" class="number">
            Bytes
          </th>
          <td class="fit-bar-cell" />
        </tr>
      </thead>
      <tbody>
        {bins.map(({ minBlocks, runs, blocks }) => (
          // A run of the class can be longer than its least, so only classes that are too short as a whole are out.
          <tr key={minBlocks} class={2 * minBlocks - 1 < neededBlocks ? "is-too-small" : undefined}>
            <th scope="row">{rangeText(minBlocks, blockSizeBytes)}</th>
            <td class="number">{runs}</td>
            <td class="number">{sizeText(blocks * blockSizeBytes)}</td>
            <td class="fit-bar-cell" aria-hidden="true">
              {runs > 0 && <span class="fit-bar" style={{ width: `${(blocks / most) * 100}%` }} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "16 B", "32 – 48 B", "1 – 2 KiB". */
function rangeText(minBlocks: number, blockSizeBytes: number): string {
  const from = minBlocks * blockSizeBytes;
  const to = (2 * minBlocks - 1) * blockSizeBytes;
  if (minBlocks === 1) return shortSize(from);
  const [fromNumber, fromUnit] = shortSize(from).split(" ");
  const [toNumber, toUnit] = shortSize(to).split(" ");
  return fromUnit === toUnit
    ? `${fromNumber} – ${toNumber} ${toUnit}`
    : `${fromNumber} ${fromUnit} – ${toNumber} ${toUnit}`;
}

function shortSize(bytes: number): string {
  return sizeText(bytes).replace(".0 ", " ");
}
