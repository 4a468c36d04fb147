/**
 * Whether a board's helper is listened to (`helper` of the configuration). auto: its reports are taken wherever they come, and
 * while they come the board is not asked. only: the board is never written to. off: its reports are an application's output.
 */
export const helperModes = ["auto", "only", "off"] as const;
export type HelperMode = (typeof helperModes)[number];

export interface HelperSettings {
  readonly mode: HelperMode;
  /** The byte on which the helper answers with a map; null = none was agreed on. */
  readonly request: number | null;
}

export const defaultHelperSettings: HelperSettings = { mode: "auto", request: null };
