import { heapscopeError } from "../shared/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { BoardControl } from "./board-directory.ts";
import { knownBoard } from "./known-boards.ts";

type Deps = Pick<ApiDeps, "boards" | "store">;

/** The attached or configured board. Throws `board-unknown`, `board-not-watched` where only history knows it. */
export function findBoard({ boards, store }: Deps, idOrName: string): BoardControl {
  const board = boards.find(idOrName);
  if (board !== undefined) return board;
  const code = knownBoard(store, idOrName) === undefined ? "board-unknown" : "board-not-watched";
  throw heapscopeError(code, { board: idOrName });
}

/** The id under which history knows a board, which need not be attached any more. Throws `board-unknown`. */
export function findHistory({ boards, store }: Deps, idOrName: string): string {
  const id = boards.find(idOrName)?.snapshot().id ?? knownBoard(store, idOrName)?.id;
  if (id === undefined) throw heapscopeError("board-unknown", { board: idOrName });
  return id;
}
