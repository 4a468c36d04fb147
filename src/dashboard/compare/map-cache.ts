import type { BlockMapView, ReadingView } from "../../client/views.ts";
import { blockCount, cellsOfMap, type MapCells } from "../map/map-cells.ts";

export interface FilmMap {
  readonly reading: ReadingView;
  readonly cells: MapCells;
}

/** What a map costs besides its blocks, about: its reading. Bytes. */
const overheadBytes = 8_192;

/** Maps by the ids of their readings, loaded as they are asked for; those not asked for the longest go first. */
export class MapCache {
  readonly #load: (id: number) => Promise<BlockMapView>;
  readonly #mostBytes: number;
  /** In order of use. */
  readonly #held = new Map<number, FilmMap>();
  readonly #coming = new Map<number, Promise<FilmMap>>();
  #bytes = 0;

  /** Holds the newest one even where it alone is over `mostBytes`. */
  constructor(load: (id: number) => Promise<BlockMapView>, mostBytes: number) {
    this.#load = load;
    this.#mostBytes = mostBytes;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Without loading. */
  peek(id: number): FilmMap | undefined {
    return this.#held.get(id);
  }

  /** Loads it once, however often it is asked for meanwhile. What fails is asked for anew the next time. */
  async get(id: number): Promise<FilmMap> {
    const held = this.#held.get(id);
    if (held !== undefined) {
      this.#held.delete(id);
      this.#held.set(id, held);
      return held;
    }
    const coming = this.#coming.get(id) ?? this.#fetch(id);
    this.#coming.set(id, coming);
    return coming;
  }

  async #fetch(id: number): Promise<FilmMap> {
    try {
      const map = await this.#load(id);
      const one: FilmMap = { reading: map.reading, cells: cellsOfMap(map) };
      this.#held.set(id, one);
      this.#bytes += bytesOf(one);
      for (const [oldest, other] of this.#held) {
        if (this.#bytes <= this.#mostBytes || oldest === id) break;
        this.#held.delete(oldest);
        this.#bytes -= bytesOf(other);
      }
      return one;
    } finally {
      this.#coming.delete(id);
    }
  }
}

function bytesOf({ cells }: FilmMap): number {
  return blockCount(cells) + overheadBytes;
}
