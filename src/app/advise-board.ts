import type { AdviceReport } from "../advice/finding.ts";
import { daemonRest } from "../client/daemon-rest.ts";
import type { DaemonAddress } from "./daemon-client.ts";

export interface AdviseBoardOptions {
  readonly daemon: DaemonAddress;
  /** Id or name. */
  readonly board: string;
  /** Ask the board first which modules it has loaded; takes a token with the scope control where tokens are required. */
  readonly refreshModules: boolean;
  /** ISO 8601; default: the last 7 days. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * What the running daemon advises for a board that it watches or has a history of. Throws daemon-absent, or daemon-refused with the
 * daemon's own words: also where the board cannot be asked for its modules.
 */
export async function adviseBoard({
  daemon: { url, token },
  board,
  refreshModules,
  from,
  to,
}: AdviseBoardOptions): Promise<AdviceReport> {
  const rest = daemonRest({ url, token });
  if (refreshModules) await rest.listModules(board);
  return rest.advice(board, { from, to });
}
