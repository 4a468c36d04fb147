import type { Laboratory } from "../../lab/laboratory.ts";

const emitters = /^([ \t]*)@([ \t]*micropython[ \t]*\.[ \t]*(?:native|viper|asm_\w+)\b)/gm;

/** Whether functions of the source are compiled to machine code: bytecode files hold such for one processor only. */
export function hasMachineCode(text: string): boolean {
  return text.search(emitters) !== -1;
}

/** The source with those functions as bytecode: the interpreters here run no machine code. Calling one for the assembler fails. Places stay where they are. */
export function portableText(text: string): string {
  return text.replace(emitters, "$1#$2");
}

/** A laboratory that runs such sources. */
export function portableLaboratory(lab: Laboratory): Laboratory {
  return {
    ...lab,
    perform: (experiment) => lab.perform({ ...experiment, files: portableFiles(experiment.files) }),
  };
}

/** Files by path, the sources among them so. */
export function portableFiles(files: Readonly<Record<string, string | Uint8Array>>) {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) =>
      path.endsWith(".py") ? [path, portableContent(content)] : [path, content],
    ),
  );
}

/** Bytes stay bytes: a source need not be UTF-8, and latin1 gives each byte back as it was. */
function portableContent(content: string | Uint8Array): string | Uint8Array {
  if (typeof content === "string") return portableText(content);
  return Buffer.from(portableText(Buffer.from(content).toString("latin1")), "latin1");
}
