import { useMemo } from "preact/hooks";
import { blockWords } from "../../shared/block-words.ts";
import { percentText, sizeText } from "../../shared/units-text.ts";
import { blockCount, type MapCells, tallyOf } from "./map-cells.ts";
import { typeColor } from "./palette.ts";
import { useIsDark } from "./use-media.ts";

/** What the colours mean, with figures; pointing at a row, or focusing its button, makes its cells stand out. */
export function Legend({
  cells,
  emphasised,
  onEmphasise,
}: {
  readonly cells: MapCells;
  readonly emphasised: string | null;
  /** A letter, `.`, or null for none. */
  readonly onEmphasise: (letter: string | null) => void;
}) {
  const isDark = useIsDark();
  const tallies = useMemo(() => tallyOf(cells), [cells]);
  const total = Math.max(1, blockCount(cells));
  return (
    <table class="legend">
      <caption class="visually-hidden">
        What the colours of the heap map mean. Focusing a type makes its blocks stand out.
      </caption>
      <thead>
        <tr>
          <th scope="col">Type</th>
          <th scope="col" class="number">
            Objects
          </th>
          <th scope="col" class="number legend-blocks">
            Blocks
          </th>
          <th scope="col" class="number">
            Size
          </th>
          <th scope="col" class="number">
            Share
          </th>
        </tr>
      </thead>
      <tbody>
        {tallies.map(({ letter, objects, blocks }) => (
          <tr
            key={letter}
            class={emphasised === letter ? "is-emphasised" : undefined}
            onMouseEnter={() => onEmphasise(letter)}
            onMouseLeave={() => onEmphasise(null)}
          >
            <th scope="row">
              <button
                type="button"
                class="legend-type"
                onFocus={() => onEmphasise(letter)}
                onBlur={() => onEmphasise(null)}
              >
                <span class="swatch" style={{ background: typeColor(letter, isDark) }} aria-hidden="true" />
                <code>{letter === "." ? "·" : letter}</code>{" "}
                {letter === "." ? "free, in runs" : blockWords(letter).words}
              </button>
            </th>
            <td class="number">{objects}</td>
            <td class="number legend-blocks">{blocks}</td>
            <td class="number">{sizeText(blocks * cells.blockSizeBytes)}</td>
            <td class="number">{percentText(blocks / total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
