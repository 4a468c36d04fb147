import { heapscopeError } from "../shared/errors.ts";
import type { ApiDeps } from "./api-deps.ts";
import type { BoardControl } from "./board-directory.ts";

/** The attached or configured board. Throws `board-unknown`. */
export function findBoard({ boards }: Pick<ApiDeps, "boards">, idOrName: string): BoardControl {
  const board = boards.find(idOrName);
  if (board === undefined) throw heapscopeError("board-unknown", { board: idOrName });
  return board;
}

/** The id under which history knows a board, which need not be attached any more. Throws `board-unknown`. */
export function findHistory({ boards, store }: Pick<ApiDeps, "boards" | "store">, idOrName: string): string {
  const id = boards.find(idOrName)?.snapshot().id ?? store.board(idOrName)?.id;
  if (id === undefined) throw heapscopeError("board-unknown", { board: idOrName });
  return id;
}
