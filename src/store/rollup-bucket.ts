import { metricNames } from "./metrics.ts";
import type { RollupValues } from "./rollup-tables.ts";

const fields = 4;
const size = metricNames.length * fields;

/** One minute or hour of one board while it lasts: count, least, sum and greatest of each metric. */
export class RollupBucket {
  /** Minutes, or hours, since the Unix epoch. */
  readonly start: number;
  readonly #values = new Float64Array(size);

  constructor(start: number) {
    this.start = start;
  }

  /** Notes the values of the metrics at `places`; null is no value. */
  add(places: readonly number[], values: readonly (number | null)[]): void {
    const sums = this.#values;
    for (let index = 0; index < places.length; index++) {
      const value = values[index] ?? null;
      if (value === null) continue;
      const at = (places[index] ?? 0) * fields;
      const count = sums[at] ?? 0;
      sums[at] = count + 1;
      if (count === 0 || value < (sums[at + 1] ?? 0)) sums[at + 1] = value;
      sums[at + 2] = (sums[at + 2] ?? 0) + value;
      if (count === 0 || value > (sums[at + 3] ?? 0)) sums[at + 3] = value;
    }
  }

  /** As a row of the roll-up tables holds them. */
  values(): RollupValues {
    const sums = this.#values;
    const values = new Array<number | null>(size).fill(null);
    for (let at = 0; at < size; at += fields) {
      if (sums[at] === 0) continue;
      for (let place = at; place < at + fields; place++) values[place] = sums[place] ?? 0;
    }
    return values;
  }
}
