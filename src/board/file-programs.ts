/**
 * What heapscope runs on a board to put a file there. As the probes (programs.ts), each is one expression: no name is bound, and
 * what it allocates is garbage when it ends. Paths and names are ours, plain ASCII without quotes.
 */

/** The module with files' names: `uos` before v1.21 on builds without weak links. */
export type OsModule = "os" | "uos";
export type HashModule = "hashlib" | "uhashlib";

/** Bytes that a program on the board reads at a time. */
const READ_BYTES = 128;

/**
 * `True False`: whether files can be listed, opened, renamed and removed; whether modules are imported from /flash (STM32 and
 * others, whose root holds no files itself).
 */
export function fileAbilities(os: OsModule): string {
  return `print((lambda o:hasattr(__import__('builtins'),'open')and all([hasattr(o,n)for n in('listdir','stat','rename','remove')]))(__import__('${os}')),'/flash'in __import__('sys').path)`;
}

/** Of `names` those that `folder` holds, one a line, each with its mode and its size in bytes. */
export function fileFacts(os: OsModule, folder: string, names: readonly string[]): string {
  const wanted = names.map((name) => `'${name}',`).join("");
  return `(lambda o:[print(n,*(lambda s:(s[0],s[6]))(o.stat('${folder}'+n)))for n in o.listdir('${folder}')if n in(${wanted})])(__import__('${os}'))`;
}

/** Writes `piece` at the start of a new file, or at the end of it. Prints how many bytes went in. */
export function writePiece(path: string, piece: Uint8Array, isFirst: boolean): string {
  return `print((lambda f:(f.write(${bytesLiteral(piece)}),f.close())[0])(open('${path}','${isFirst ? "wb" : "ab"}')))`;
}

export function renameFile(os: OsModule, from: string, to: string): string {
  return `__import__('${os}').rename('${from}','${to}')`;
}

/** Collects first: a file that an exception left open is closed by its finaliser. */
export function removeFile(os: OsModule, path: string): string {
  return `(__import__('gc').collect(),__import__('${os}').remove('${path}'))`;
}

/** SHA-256 of a file of `sizeBytes`, hex digits. One buffer for all of it: a board that collects late has no garbage from it. */
export function sha256OfFile(hash: HashModule, path: string, sizeBytes: number): string {
  const blocks = Math.floor(sizeBytes / READ_BYTES);
  return `(lambda f,h,b:(any(f.readinto(b)and h.update(b)for _ in range(${blocks})),h.update(f.read(${READ_BYTES})),f.close(),print(''.join(['%02x'%c for c in h.digest()]))))(open('${path}','rb'),__import__('${hash}').sha256(),bytearray(${READ_BYTES}))`;
}

/** Where there is no SHA-256: the sum of all bytes, each times its place modulo `modulus` plus 1. As `weightedSum`. */
export function weightedSumOfFile(path: string, sizeBytes: number, modulus: number): string {
  const value = `(k%${modulus}+1)*b[k%${READ_BYTES}]if k%${READ_BYTES} or f.readinto(b)else 0`;
  return `(lambda f,b:(print(sum(${value} for k in range(${sizeBytes}))%65521),f.close()))(open('${path}','rb'),bytearray(${READ_BYTES}))`;
}

/** The same on the host. */
export function weightedSum(bytes: Uint8Array, modulus: number): number {
  return bytes.reduce((sum, byte, place) => (sum + ((place % modulus) + 1) * byte) % 65521, 0);
}

/** `sys.implementation._mpy`, an empty line where the firmware imports no .mpy (or none of version 6: before v1.19). */
export const MPY_VERSION = "print(getattr(__import__('sys').implementation,'_mpy',''))";

/** `bytes` as Python writes them; nothing in it is a control character. */
export function bytesLiteral(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte === 0x0a) text += "\\n";
    else if (byte === 0x27 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `b'${text}'`;
}
