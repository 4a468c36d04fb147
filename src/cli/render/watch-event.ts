import type { EventMessage, ReadingView, SnapshotMessage, UnstoredMessage } from "../../app/watch-view.ts";
import { changeText, countText, millisecondsText, percentText, sizeText } from "../../shared/units-text.ts";
import { harmless } from "./canvas.ts";

type ReadingMark = NonNullable<NonNullable<ReadingView["helper"]>["mark"]>;

type Told =
  | SnapshotMessage
  | EventMessage
  | UnstoredMessage
  | { readonly type: "gap"; readonly oldest: number };

/** A message of the feed as plain lines, one per event: time, board, kind, what it says. For pipes and logs. */
export function eventLines(message: Told, nameOf: (boardId: string) => string): string[] {
  switch (message.type) {
    case "gap":
      return ["-  *  gap  events have been forgotten in between; the boards as they are now follow"];
    case "snapshot":
      return [
        ...message.boards.map((board) => eventLine("board", board, nameOf, "")),
        ...(message.alerts ?? []).map((alert) => eventLine("alert", alert, nameOf, "")),
      ];
    case "unstored":
      return [
        eventLine(message.event, message.data, nameOf, coalescedText(message.coalesced), " (not stored)"),
      ];
    case "reading":
      return [eventLine("reading", message.data, nameOf, coalescedText(message.coalesced))];
    default:
      return [eventLine(message.type, message.data, nameOf, "")];
  }
}

type Data = EventMessage["data"];

function eventLine(
  type: EventMessage["type"],
  data: Data,
  nameOf: (boardId: string) => string,
  more: string,
  mark = "",
): string {
  const { at, board } = placeOf(data, nameOf);
  return `${at}  ${board}  ${type}${mark}  ${detailOf(data)}${more}`;
}

function placeOf(
  data: Data,
  nameOf: (boardId: string) => string,
): { readonly at: string; readonly board: string } {
  if ("counts" in data) return { at: data.state.since, board: data.name };
  return { at: data.at ?? "-", board: data.boardId === null ? "-" : nameOf(data.boardId) };
}

function detailOf(data: Data): string {
  if ("heap" in data) {
    const { heap, utilization, largestFreeBytes, fragmentation, helper } = data;
    return [
      `used ${sizeText(heap.usedBytes)} of ${sizeText(heap.totalBytes)}${utilization === null ? "" : ` (${percentText(utilization)})`}`,
      ...(largestFreeBytes === null ? [] : [`largest free ${sizeText(largestFreeBytes)}`]),
      ...(fragmentation === null ? [] : [`fragmentation ${percentText(fragmentation)}`]),
      ...(helper?.mark == null ? [] : [markText(helper.mark)]),
    ].join(", ");
  }
  if ("reclaimedBytes" in data) {
    const { reclaimedBytes, largestFreeGainBytes, pauseMs } = data;
    return [
      `reclaimed ${sizeText(reclaimedBytes)}`,
      ...(largestFreeGainBytes === null ? [] : [`largest free ${changeText(largestFreeGainBytes)}`]),
      ...(pauseMs === null ? [] : [`pause ${millisecondsText(pauseMs)}`]),
    ].join(", ");
  }
  if ("cause" in data) return `${data.cause}: ${data.detail}`;
  if ("rule" in data) return `${data.state} ${data.severity} ${data.rule}: ${data.message}`;
  return `${data.state.kind}: ${data.state.message}`;
}

/** As "mark after wifi", "mark parse (settled)". */
function markText({ kind, label }: ReadingMark): string {
  const name = label.trim() === "" ? "(no label)" : harmless(label);
  return `mark ${name}${kind === "point" ? "" : ` (${kind})`}`;
}

function coalescedText(coalesced: number | undefined): string {
  return coalesced === undefined ? "" : `, ${countText(coalesced, "older one")} left out`;
}
