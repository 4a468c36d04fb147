import type { BoardEntry } from "../model/dashboard-model.ts";

export function ConsoleView({ entry }: { readonly entry: BoardEntry }) {
  return <p>{entry.board.id}</p>;
}
