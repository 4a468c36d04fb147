/** Thrown through the running interpreter to stop it dead: unplugged, or reset. It is not used again. */
export class PowerCut extends Error {}
