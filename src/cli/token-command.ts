import { type Command, Option } from "commander";
import { systemClock } from "../shared/clock.ts";
import { type CliIo, joinLines, jsonLine } from "./cli-io.ts";
import { parseExpiry } from "./parse-expiry.ts";
import { tokenLines } from "./render/tokens.ts";

interface FileFlags {
  readonly config?: string;
}

interface CreateFlags extends FileFlags {
  readonly scope: "read" | "control";
  readonly expires?: string;
}

interface ListFlags extends FileFlags {
  readonly json?: boolean;
}

const configHelp = "YAML file whose key tokens names the file (default: $HEAPSCOPE_CONFIG, else none)";

/** `heapscope token create`, `list` and `revoke` */
export function addToken(program: Command, io: CliIo): void {
  const token = program
    .command("token")
    .summary("make, list and revoke access tokens")
    .description(
      "Access tokens for the API and the feed, kept as hashes in a file that the running daemon follows. Run it as the " +
        "daemon's user, or as root.",
    )
    .addHelpText(
      "after",
      `
Examples:
  heapscope token create grafana                       reads, and no more
  heapscope token create phone --scope control --expires 90d
  curl -H "Authorization: Bearer $HEAPSCOPE_TOKEN" http://192.168.1.20:7380/api/v1/boards`,
    );
  token
    .command("create")
    .summary("make a token and print it, once")
    .argument("<name>", "who uses it; shown in the audit")
    .addOption(
      new Option("--scope <scope>", "read, or control: reads and acts on boards")
        .choices(["read", "control"])
        .default("read"),
    )
    .option("--expires <time>", "it lasts so long: 12h, 90d, 4w, 1y (default: until revoked)")
    .option("--config <file>", configHelp)
    .action(async (name: string, { scope, expires, config }: CreateFlags) => {
      const nowMs = systemClock.nowMs();
      const expiresAt = expires === undefined ? null : parseExpiry(expires, nowMs);
      const [file, { createToken }] = await Promise.all([
        tokenFile(io, config),
        import("../app/token-file.ts"),
      ]);
      const made = createToken(file, { name, scope, expiresAt, createdAt: new Date(nowMs).toISOString() });
      io.note(
        `${name}: may ${scope === "control" ? "read, and act on boards" : "read"}, ${expiresAt === null ? "until revoked" : `until ${expiresAt}`}. ` +
          `This is the only time the token is shown; ${file} keeps its hash.\n`,
      );
      io.out(`${made}\n`);
    });
  token
    .command("list")
    .summary("show which tokens there are")
    .option("--json", "one JSON object per token and line")
    .option("--config <file>", configHelp)
    .action(async ({ json, config }: ListFlags) => {
      const [file, { readTokenFile }] = await Promise.all([
        tokenFile(io, config),
        import("../app/token-file.ts"),
      ]);
      const { tokens, concern } = readTokenFile(file);
      if (concern !== null) io.note(`heapscope: ${file}: ${concern}.\n`);
      // Without the hash: nobody needs it here.
      if (json) for (const { hash, ...shown } of tokens) io.out(jsonLine(shown));
      else if (tokens.length === 0) io.note(`There is no token in ${file}.\n`);
      else io.out(joinLines(tokenLines(tokens, systemClock.nowMs(), io.canvas)));
    });
  token
    .command("revoke")
    .summary("make a token worthless")
    .argument("<name>", "as in the list")
    .option("--config <file>", configHelp)
    .action(async (name: string, { config }: FileFlags) => {
      const [file, { revokeToken }] = await Promise.all([
        tokenFile(io, config),
        import("../app/token-file.ts"),
      ]);
      revokeToken(file, name);
      io.note(
        `${name} is revoked. A running daemon refuses it within a second, and ends its feeds within ten.\n`,
      );
    });
}

async function tokenFile(io: CliIo, flag: string | undefined): Promise<string> {
  const [{ loadConfig }, { expandHome }] = await Promise.all([
    import("../app/load-config.ts"),
    import("../app/expand-home.ts"),
  ]);
  const file = flag ?? io.env["HEAPSCOPE_CONFIG"] ?? null;
  return expandHome(loadConfig({ file, env: io.env, flags: [] }).tokens);
}
