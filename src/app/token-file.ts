import { closeSync, fstatSync, openSync, readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import Value from "typebox/value";
import { newToken, type TokenRecord, type TokenScope, tokenScopes } from "../api/access.ts";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { makeFolder } from "../shared/make-folder.ts";
import { withFileLock } from "./file-lock.ts";
import { type Owner, replaceFile } from "./write-atomically.ts";

const ONLY_THIS_USER = 0o600;
/** Of group and others. */
const WRITABLE = 0o022;
const READABLE = 0o044;
const SIZE_LIMIT_BYTES = 1024 * 1024;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const fileSchema = Type.Object({
  version: Type.Literal(1),
  tokens: Type.Array(
    Type.Object({
      name: Type.String({ pattern: namePattern.source }),
      scopes: Type.Array(Type.Enum([...tokenScopes]), { minItems: 1 }),
      createdAt: Type.String({ format: "date-time" }),
      expiresAt: Type.Optional(Type.String({ format: "date-time" })),
      hash: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    }),
  ),
});

export type { TokenRecord };

export interface TokenFile {
  readonly tokens: readonly TokenRecord[];
  /** What is worth a warning about the file, half a sentence; null: nothing. */
  readonly concern: string | null;
}

/**
 * Reads the token file; none holds no tokens. The file is JSON: `{"version": 1, "tokens": [{name, scopes, createdAt,
 * expiresAt?, hash}]}`. One that others may write to is refused: they could add themselves. One that others may only
 * read is a concern, no more: from a hash there is no way back to a token.
 *
 * Throws token-file-unusable.
 */
export function readTokenFile(file: string): TokenFile {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { tokens: [], concern: null };
    throw unusable(file, reasonOf(error));
  }
  try {
    // What is open is what is read: nobody can exchange it in between.
    const stats = fstatSync(descriptor);
    const problem = strangerProblem(stats);
    if (problem !== null) throw unusable(file, problem);
    const concern = (stats.mode & READABLE) === 0 ? null : 'other users can read it; "chmod 600" closes it';
    return { tokens: tokensOf(file, readFileSync(descriptor, "utf8")), concern };
  } catch (error) {
    throw error instanceof HeapscopeError ? error : unusable(file, reasonOf(error));
  } finally {
    closeSync(descriptor);
  }
}

export interface TokenWish {
  readonly name: string;
  readonly scope: TokenScope;
  /** UTC, ISO 8601; null: it does not expire. */
  readonly expiresAt: string | null;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
}

/**
 * Makes a token and writes its hash into the file. Returns the token, which is nowhere else. Throws usage for a name that
 * is none, token-name-taken, token-file-unusable.
 */
export function createToken(file: string, wish: TokenWish): string {
  const { name, scope, createdAt, expiresAt } = wish;
  if (!namePattern.test(name)) {
    throw heapscopeError("usage", {
      detail: `"${name}" is no name for a token. Take 1 to 64 of letters, digits, dot, hyphen and underscore, the first a letter or digit.`,
    });
  }
  const { token, hash } = newToken();
  const scopes: readonly TokenScope[] = scope === "control" ? ["read", "control"] : ["read"];
  changeTokens(file, (tokens) => {
    if (tokens.some((record) => record.name === name))
      throw heapscopeError("token-name-taken", { name, file });
    return [...tokens, { name, scopes, createdAt, expiresAt, hash }];
  });
  return token;
}

/** Throws token-unknown, token-file-unusable. */
export function revokeToken(file: string, name: string): void {
  changeTokens(file, (tokens) => {
    const left = tokens.filter((record) => record.name !== name);
    if (left.length === tokens.length) throw heapscopeError("token-unknown", { name, file });
    return left;
  });
}

/** Two commands at once must not lose a token, nor a daemon read half a file: a lock, and a rename. */
function changeTokens(
  file: string,
  change: (tokens: readonly TokenRecord[]) => readonly TokenRecord[],
): void {
  try {
    makeFolder(dirname(file), 0o700);
    withFileLock(`${file}-lock`, ownerFor(file), () => {
      const tokens = change(readTokenFile(file).tokens);
      const text = `${JSON.stringify(contentOf(tokens), null, 2)}\n`;
      replaceFile(file, text, { mode: ONLY_THIS_USER, owner: ownerFor(file) });
    });
  } catch (error) {
    throw error instanceof HeapscopeError ? error : unusable(file, reasonOf(error));
  }
}

/**
 * Who is to own what root writes: `sudo heapscope token create` makes a file that the daemon's user must be able to read.
 * Null: nobody in particular, this is not root.
 */
function ownerFor(file: string): Owner | null {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = statSync(file, { throwIfNoEntry: false }) ?? statSync(dirname(file));
  return { uid, gid };
}

function contentOf(tokens: readonly TokenRecord[]): unknown {
  return {
    version: 1,
    tokens: tokens.map(({ name, scopes, createdAt, expiresAt, hash }) => ({
      name,
      scopes,
      createdAt,
      ...(expiresAt === null ? {} : { expiresAt }),
      hash,
    })),
  };
}

function tokensOf(file: string, text: string): readonly TokenRecord[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw unusable(file, 'it is not JSON. It is written by "heapscope token" alone');
  }
  if (!Value.Check(fileSchema, content)) {
    const [first] = Value.Errors(fileSchema, content);
    throw unusable(file, `${first?.instancePath || "its content"} ${first?.message ?? "does not fit"}`);
  }
  return content.tokens.map(({ expiresAt = null, ...rest }) => ({ ...rest, expiresAt }));
}

/** Why what is in the file may be a stranger's; null: it is not. */
function strangerProblem({ mode, uid, size }: Stats): string | null {
  const own = process.getuid?.();
  if ((mode & WRITABLE) !== 0)
    return 'other users can write to it, and add themselves; "chmod 600" closes it';
  if (own !== undefined && own !== 0 && uid !== own && uid !== 0) return "it belongs to another user";
  return size > SIZE_LIMIT_BYTES ? `it is larger than ${SIZE_LIMIT_BYTES} bytes` : null;
}

function unusable(file: string, reason: string): HeapscopeError {
  return heapscopeError("token-file-unusable", { file, reason });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "no permission",
    EISDIR: "it is a folder",
    ENOENT: "its folder cannot be made",
    ENOSPC: "the disk is full",
    EROFS: "its disk is read-only",
    SQLITE_CANTOPEN: "nothing can be written into its folder",
    SQLITE_READONLY: "nothing can be written into its folder",
  };
  const message = error instanceof Error ? error.message : String(error);
  return reasons[String(codeOf(error))] ?? message;
}
