import {
  type Application,
  type ApplicationModule,
  type ApplicationSource,
  applicationOf,
} from "../../../src/advice/files/application.ts";
import type { Prepared } from "../../../src/advice/files/prepare.ts";
import { prepare } from "../../../src/advice/files/prepare.ts";
import type { Laboratory } from "../../../src/lab/laboratory.ts";
import { compiledStandIns } from "../../../src/lab/stand-ins/compiled.ts";

/** Text, or bytes as they are, by path relative to the board's root. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

export function applicationFrom(files: Files): Application {
  return applicationOf(
    Object.entries(files).map(([name, content]) => ({
      name,
      path: `/${name}`,
      bytes: Buffer.from(content as string),
    })),
  );
}

export function moduleIn(application: Application, name: string): ApplicationModule {
  const found = application.modules.find((module) => module.name === name);
  if (found === undefined) throw new Error(`${name} is no module of the application`);
  return found;
}

export function mainIn({ main }: Application): ApplicationSource {
  if (main === null) throw new Error("there is no main.py");
  return main;
}

export async function prepared(lab: Laboratory, files: Files, heapBytes = 65_536): Promise<Prepared> {
  const standIns = await compiledStandIns();
  return prepare(applicationFrom(files), { lab, firmware: "1.27", heapBytes, repeats: 2, standIns });
}
