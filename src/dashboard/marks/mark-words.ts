import type { MarkView } from "../../client/views.ts";
import { sizeText } from "../../shared/units-text.ts";
import type { MarkEvent } from "./mark-events.ts";

type Cost = NonNullable<MarkView["cost"]>;

export function labelText(label: string): string {
  return label.trim() === "" ? "(no label)" : label;
}

/** "kept 1.2 KiB, left 300 B of garbage, the largest free block shrank by 2.0 KiB" */
export function costText(cost: Cost | null): string {
  if (cost === null) return "what it cost is being asked";
  const { netBytes, garbageBytes, largestFreeChangeBytes } = cost;
  const parts = [keptText(netBytes), garbageText(garbageBytes), largestText(largestFreeChangeBytes)];
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? "what it cost is not known: a report of it is missing" : known.join(", ");
}

/** The whole event in one clause, without its time. */
export function eventText({ kind, label, cost, usedBytes, largestFreeBytes }: MarkEvent): string {
  const name = labelText(label);
  switch (kind) {
    case "block":
      return cost !== null && cost.netBytes !== null
        ? `${name} ${costText(cost)}`
        : `${name}: ${costText(cost)}`;
    case "point":
    case "begin":
    case "end":
      return `${placeText({ kind, label })}: ${heapText(usedBytes, largestFreeBytes)}`;
  }
}

/** "after wifi", "parse begins", "parse ended", "parse settled" */
export function placeText({ kind, label }: Pick<MarkView | MarkEvent, "kind" | "label">): string {
  const name = labelText(label);
  switch (kind) {
    case "begin":
      return `${name} begins`;
    case "end":
      return `${name} ended`;
    case "settled":
      return `${name} settled`;
    case "point":
    case "block":
      return name;
  }
}

/** "12.3 KiB used, largest free block 8.0 KiB" */
export function heapText(usedBytes: number, largestFreeBytes: number | null): string {
  const largest = largestFreeBytes === null ? "" : `, largest free block ${sizeText(largestFreeBytes)}`;
  return `${sizeText(usedBytes)} used${largest}`;
}

function keptText(bytes: number | null): string | null {
  if (bytes === null) return null;
  if (bytes === 0) return "kept nothing";
  return bytes > 0 ? `kept ${sizeText(bytes)}` : `freed ${sizeText(-bytes)}`;
}

/** Below zero where others allocated before it settled. */
function garbageText(bytes: number | null): string | null {
  if (bytes === null) return null;
  return bytes > 0 ? `left ${sizeText(bytes)} of garbage` : "left no garbage";
}

function largestText(bytes: number | null): string | null {
  if (bytes === null) return null;
  if (bytes === 0) return "the largest free block is as large as before";
  return `the largest free block ${bytes > 0 ? "grew" : "shrank"} by ${sizeText(Math.abs(bytes))}`;
}
