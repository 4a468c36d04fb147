import type { AlertSeverity } from "../heap/reading.ts";

/** A rule as the configuration writes it. */
export interface RuleText {
  readonly name: string;
  readonly when: string;
  readonly severity: AlertSeverity;
}

/**
 * The rules that are in force unless the configuration says otherwise. A healthy MicroPython heap fills with garbage
 * until it is nearly full, collects, and starts over; so everything about room looks at readings right after a
 * collection. Fragmentation is a matter only where free memory is scarce: one object in the middle of an empty heap
 * already makes 50 %.
 */
export const defaultRules: readonly RuleText[] = [
  { name: "little-room", when: "utilization > 90 % after collection for 3 readings", severity: "warning" },
  { name: "no-room", when: "utilization > 97 % after collection for 2 readings", severity: "critical" },
  {
    name: "no-large-block",
    when: "largestFreeBytes < 1 KiB after collection for 2 readings",
    severity: "critical",
  },
  {
    name: "fragmented",
    when: "fragmentation > 85 % after collection while utilization > 50 % for 5 readings",
    severity: "warning",
  },
  { name: "leak", when: "leakBytesPerHour > 1 KiB for 1 h", severity: "info" },
  { name: "exhaustion", when: "timeToExhaustion < 3 d for 30 min", severity: "warning" },
  { name: "exhaustion-soon", when: "timeToExhaustion < 6 h for 30 min", severity: "critical" },
  { name: "no-readings", when: "missed for 15 min", severity: "info" },
  { name: "rebooting", when: "rebooting for 1 min", severity: "critical" },
  { name: "unreachable", when: "unreachable for 2 min", severity: "warning" },
];
