import type { TokenRecord } from "../../app/token-file.ts";
import { bold, type Canvas, dim } from "./canvas.ts";

/** One line per token: name, what it may, since when and until when. */
export function tokenLines(tokens: readonly TokenRecord[], nowMs: number, canvas: Canvas): string[] {
  const width = Math.max(...tokens.map(({ name }) => name.length));
  return tokens.map(({ name, scopes, createdAt, expiresAt }) => {
    const scope = scopes.includes("control") ? "control" : "read";
    const line = `${bold(canvas, name.padEnd(width))}  ${scope.padEnd(7)}  made ${day(createdAt)}, ${ending(expiresAt, nowMs)}`;
    return isOver(expiresAt, nowMs) ? dim(canvas, line) : line;
  });
}

function ending(expiresAt: string | null, nowMs: number): string {
  if (expiresAt === null) return "until revoked";
  return `${isOver(expiresAt, nowMs) ? "expired" : "expires"} ${expiresAt.slice(0, 16).replace("T", " ")} UTC`;
}

function isOver(expiresAt: string | null, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs;
}

function day(iso: string): string {
  return iso.slice(0, 10);
}
