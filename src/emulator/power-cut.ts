/** Thrown through the running interpreter to stop it dead: unplugged, or reset. It is not used again. */
export class PowerCut extends Error {}

/** Runs `run`; a PowerCut ends it without further notice. */
export function untilPowerCut(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
}
