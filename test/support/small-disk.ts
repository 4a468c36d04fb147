import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../store/temp-folder.ts";

export interface SmallDisk {
  readonly folder: string;
  /** Leaves no byte free. */
  fill(): void;
  /** Gives back what `fill` took. */
  clear(): void;
  remount(mode: "ro" | "rw"): void;
}

/** A disk of `size` of its own, gone with the test; undefined where this user may not mount one. */
export function smallDisk(size: string): SmallDisk | undefined {
  const folder = join(temporaryFolder(), "disk");
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]).status !== 0)
    return undefined;
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: () => void spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4096"]),
    clear: () => rmSync(ballast),
    remount: (mode) => {
      const { status, stderr } = spawnSync("mount", ["-o", `remount,${mode}`, folder]);
      if (status !== 0) throw new Error(String(stderr));
    },
  };
}
