import { readFileSync } from "node:fs";

const file = new URL("../../package.json", import.meta.url);

/** heapscope's own version, from its package.json. */
export const version = versionOf(JSON.parse(readFileSync(file, "utf8")));

function versionOf(manifest: unknown): string {
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown";
}
