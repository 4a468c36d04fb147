import type { SoakObserved } from "../../app/soak/observed.ts";
import type { SoakReport } from "../../app/soak/soak-report.ts";
import type { CheckName, SoakCheck, SoakVerdict } from "../../app/soak/soak-verdict.ts";
import { countText, sizeText } from "../../shared/units-text.ts";
import { bold, type Canvas, dim, painted, wrapWords } from "./canvas.ts";

const goodColor = 36;
const badColor = 160;
const warnColor = 166;

const checkNames: Readonly<Record<CheckName, string>> = {
  application: "Application",
  growth: "Growth",
  "largest-free": "Largest free run",
  restarts: "Restarts",
  "missed-readings": "Missed readings",
  "baseline-live": "Baseline, live memory",
  "baseline-largest-free": "Baseline, largest free run",
};

const verdicts: Readonly<Record<SoakVerdict, { readonly text: string; readonly color: number }>> = {
  met: { text: "PASSED: every limit is met.", color: goodColor },
  "not-met": { text: "FAILED: a limit is not met.", color: badColor },
  unmeasured: { text: "NO VERDICT: a check could not be made.", color: warnColor },
};

/** The report of a soak run: who, what was seen, the verdict per check, where to look. */
export function soakLines(report: SoakReport, canvas: Canvas): string[] {
  const { application, machine, boardId, firmware, emulated, figures, hints, baseline, verdict } = report;
  const { liveBytes, firstLiveBytes, leastLargestFree, totalBytes } = figures;
  const hash = application.sha256 === null ? "" : ` (sha256 ${application.sha256.slice(0, 12)})`;
  const rows: [string, string][] = [
    ["Application", `${application.name}${hash}`],
    [
      "Board",
      `${[machine ?? (emulated ? null : boardId), emulated ? "emulated" : null].filter((part) => part !== null).join(", ")} at ${report.port}`,
    ],
    ["Firmware", firmware ?? "unknown: the application reports by itself, so the board was not asked"],
    [
      "Seen",
      `${timeText(report.seconds)} of ${timeText(report.secondsAsked)}, ${countText(report.readings, "reading")}, ${countText(report.collections, "collection")}`,
    ],
    ...(liveBytes === null || firstLiveBytes === null
      ? []
      : [
          [
            "Live memory",
            `${sizeText(firstLiveBytes)} at first, ${sizeText(liveBytes)} at last${totalBytes === null ? "" : `, of ${sizeText(totalBytes)}`}`,
          ] satisfies [string, string],
        ]),
    ...(leastLargestFree === null
      ? []
      : [
          ["Largest free run", `${sizeText(leastLargestFree.bytes)} at its least`] satisfies [string, string],
        ]),
  ];
  return [
    ...rows.map(([label, value]) => `${dim(canvas, label.padEnd(18))}${value}`),
    "",
    ...report.checks.flatMap((check) => checkLines(check, canvas)),
    ...(hints.length === 0 ? [] : ["", bold(canvas, "Where to look")]),
    ...hints.flatMap((hint) => indented(hint, canvas)),
    ...(baseline === null ? [] : ["", ...wrapWords(baseline, canvas.columns)]),
    "",
    ...(report.cutShort ? ["The run was cut short: the verdict is of what was seen until then."] : []),
    bold(canvas, painted(canvas, verdicts[verdict].text, { foreground: verdicts[verdict].color })),
  ];
}

/** One line while it runs. */
export function soakProgress(observed: SoakObserved, secondsAsked: number): string {
  const { points, missed, restartsMs, startMs, endMs } = observed;
  const last = points.at(-1);
  const heap =
    last === undefined
      ? []
      : [
          `live ${sizeText(last.usedBytes)}`,
          ...(last.largestFreeBytes === null ? [] : [`largest free ${sizeText(last.largestFreeBytes)}`]),
        ];
  return [
    `${timeText((endMs - startMs) / 1000)} of ${timeText(secondsAsked)}`,
    ...heap,
    countText(points.length, "collection"),
    ...(missed.length === 0 ? [] : [`${missed.length} missed`]),
    ...(restartsMs.length === 0 ? [] : [countText(restartsMs.length, "restart")]),
  ].join(", ");
}

function checkLines({ name, state, sentence }: SoakCheck, canvas: Canvas): string[] {
  const [sign, color] = {
    passed: ["pass", goodColor],
    failed: ["FAIL", badColor],
    unknown: ["?", warnColor],
  }[state] as [string, number];
  return [
    `${painted(canvas, sign.padEnd(4), { foreground: color, bold: state !== "passed" })}  ${bold(canvas, checkNames[name])}`,
    ...indented(sentence, canvas),
  ];
}

function indented(sentence: string, canvas: Canvas): string[] {
  return wrapWords(sentence, canvas.columns - 6).map((line) => `      ${line}`);
}

/** `754` as "12:34", an hour more as "1:12:34". */
function timeText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
