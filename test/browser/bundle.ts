import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const folder = resolve(import.meta.dirname, "../../dist/dashboard");

export const bundleLimitBytes = 120 * 1024;

/** Every file of the built page, with its size as it would go over a wire. */
export function bundleBytes(): readonly { readonly file: string; readonly gzipped: number }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => ({ file, gzipped: gzipSync(readFileSync(join(folder, file))).length }));
}
