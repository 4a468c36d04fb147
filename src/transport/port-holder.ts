import { readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";

/**
 * Which other program has the device at `path` open, such as "mpremote (process 1234)"; several with commas. Null where
 * none can be found: there is none, it belongs to another user, or the system is not Linux. Never fails.
 *
 * Where the device is a pseudo-terminal, a process that also has a master end is its other end, not its user.
 */
export async function portHolder(path: string, proc = "/proc"): Promise<string | null> {
  try {
    const device = await realpath(path);
    const isTerminal = device.startsWith("/dev/pts/");
    const found: string[] = [];
    for (const pid of await readdir(proc)) {
      if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
      const files = await openFiles(join(proc, pid, "fd"));
      if (!files.has(device) || (isTerminal && hasMaster(files))) continue;
      found.push(`${await programName(join(proc, pid))} (process ${pid})`);
    }
    return found.length === 0 ? null : found.join(", ");
  } catch {
    return null;
  }
}

/** What a process has open; nothing where it ended just now or is none of our business. */
async function openFiles(folder: string): Promise<ReadonlySet<string>> {
  const fds = await readdir(folder).catch(() => []);
  const files = await Promise.all(fds.map((fd) => readlink(join(folder, fd)).catch(() => "")));
  return new Set(files);
}

function hasMaster(files: ReadonlySet<string>): boolean {
  return files.has("/dev/ptmx") || files.has("/dev/pts/ptmx");
}

/** Programs that run another program, which is the one a person knows. */
const interpreter = /^(python|pypy|node|deno|bun|ruby|perl|java|sh|bash)[\d.]*$/;
/** File names that say nothing without their folder. */
const commonName = /^(main|__main__|index|cli|app)\.\w+$/;

/** "mpremote" for `python3 -m mpremote`, `python3 /usr/bin/mpremote` and `mpremote`. */
async function programName(folder: string): Promise<string> {
  const words = (await readFile(join(folder, "cmdline"), "utf8").catch(() => "")).split("\0");
  const name = (await readFile(join(folder, "comm"), "utf8").catch(() => "")).trim();
  const [program = ""] = words;
  if (!interpreter.test(basename(program))) return name || basename(program) || "a program";
  const [how, module] = words.slice(1);
  if (how === "-m" && module) return module;
  const script = how === "-c" || how === "-e" ? undefined : words.slice(1).find(isWord);
  if (script === undefined) return name || basename(program);
  if (await isOurs(folder, script)) return "heapscope";
  return commonName.test(basename(script)) ? script.split("/").slice(-2).join("/") : basename(script);
}

/** Another run of the program that this is. */
async function isOurs(folder: string, script: string): Promise<boolean> {
  try {
    const file = await realpath(resolve(await readlink(join(folder, "cwd")), script));
    return file === (await realpath(process.argv[1] ?? ""));
  } catch {
    return false;
  }
}

function isWord(word: string): boolean {
  return word !== "" && !word.startsWith("-");
}
