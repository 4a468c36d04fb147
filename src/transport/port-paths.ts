import { readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { globToRegExp, hasWildcard } from "./glob.ts";

/** A path to a device that is there. */
export interface PortPath {
  /** As it was found. */
  readonly path: string;
  /** The device file it leads to. */
  readonly device: string;
  /** A pseudo-terminal, which no list of ports shows. */
  readonly isTerminal: boolean;
}

const byNumber = new Intl.Collator("en", { numeric: true });

/** Majors of pseudo-terminals' client ends on Linux (Documentation/admin-guide/devices.txt). */
const TERMINAL_MAJORS = { first: 136, last: 143 };

/** The device at `path`; null where there is none just now, or it is no character device. */
export function portPath(path: string, platform: NodeJS.Platform = process.platform): PortPath | null {
  try {
    const device = realpathSync(path);
    const stats = statSync(device);
    if (!stats.isCharacterDevice()) return null;
    return platform === "darwin"
      ? { path, device: sameOnMac(device), isTerminal: /^\/dev\/ttys\d+$/.test(device) }
      : { path, device, isTerminal: isTerminal(stats) };
  } catch {
    return null;
  }
}

/** Every device whose path matches `pattern` just now, in the order of their names. Wildcards do not match a leading dot. */
export function portPaths(pattern: string, platform?: NodeJS.Platform): readonly PortPath[] {
  const paths = pattern.split("/").slice(1).reduce(descend, ["/"]);
  return paths.flatMap((path) => portPath(path, platform) ?? []);
}

/** The entries of `folders` that match one part of a pattern. */
function descend(folders: readonly string[], part: string): string[] {
  if (!hasWildcard(part)) return folders.map((folder) => join(folder, part));
  const wanted = globToRegExp(part);
  return folders.flatMap((folder) =>
    namesIn(folder)
      .filter((name) => wanted.test(name) && (part.startsWith(".") || !name.startsWith(".")))
      .sort(byNumber.compare)
      .map((name) => join(folder, name)),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isTerminal({ rdev }: Stats): boolean {
  // makedev(3) as glibc packs it: the major's lower 12 bits from bit 8 on.
  const major = (rdev >> 8) & 0xfff;
  return major >= TERMINAL_MAJORS.first && major <= TERMINAL_MAJORS.last;
}

/** Each port has two device files there; lists show tty. */
function sameOnMac(device: string): string {
  return device.replace(/^\/dev\/cu\./, "/dev/tty.");
}
