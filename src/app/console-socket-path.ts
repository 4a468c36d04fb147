import { lstatSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../shared/make-folder.ts";

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with a final zero. */
const PATH_LIMIT_BYTES = 103;
const ONLY_THIS_USER = 0o700;

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The path of a daemon's console socket, in a folder that only this user can enter and that this makes where it is not
 * there. `api`: host and port of the daemon's API, which no two daemons share. Throws an Error whose message is half a
 * sentence.
 */
export function consoleSocketPath(api: string, env: Environment, temporaryFolder: string = tmpdir()): string {
  const { uid } = userInfo();
  const folders = [...runtimeFolders(env), join(temporaryFolder, `heapscope-${uid}`)];
  let failure = new Error("there is no folder for it");
  for (const folder of folders) {
    try {
      const path = join(folder, `${api}.sock`);
      if (Buffer.byteLength(path) > PATH_LIMIT_BYTES) throw new Error(`${path} is too long for a socket`);
      makeOwn(folder, uid);
      return path;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
  }
  throw failure;
}

/** Where the system wants such a socket: systemd's RuntimeDirectory for a service, the login's folder for a person. */
function runtimeFolders({ RUNTIME_DIRECTORY, XDG_RUNTIME_DIR }: Environment): string[] {
  const ofService = RUNTIME_DIRECTORY?.split(":")[0];
  return [
    ...(ofService ? [join(ofService, "console")] : []),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, "heapscope")] : []),
  ];
}

/** The temporary folder is everybody's: what stands there may be a trap. */
function makeOwn(folder: string, uid: number): void {
  makeFolder(folder, ONLY_THIS_USER);
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`${folder} belongs to somebody else`);
  if ((found.mode & 0o077) !== 0) throw new Error(`${folder} is open to other users; "chmod 700" closes it`);
}

/** Whether somebody listens at `path`; a dead daemon leaves its socket behind. */
export function isSocketAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    // Any other error, such as too many who wait, comes from one that lives.
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve(!["ECONNREFUSED", "ENOENT"].includes(error.code ?? "")),
    );
  });
}
