import { useMemo } from "preact/hooks";
import { ageText } from "../../shared/units-text.ts";
import { useHostNowMs } from "../model/session.tsx";

/** Made when the first time is shown: a browser takes a while over it. */
let formats: { readonly dayAndTime: Intl.DateTimeFormat; readonly timeOnly: Intl.DateTimeFormat } | null =
  null;

function viewerFormats() {
  formats ??= {
    dayAndTime: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }),
    timeOnly: new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }),
  };
  return formats;
}

/** In the viewer's zone: the time alone where it was today, else with its date. */
export function timeText(at: string | number, nowMs: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  const { dayAndTime, timeOnly } = viewerFormats();
  return (isToday ? timeOnly : dayAndTime).format(date);
}

/** For the title of a time, shown on hover: UTC, as the API has it. */
export function utcText(at: string | number): string {
  return `${new Date(at)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "")} UTC`;
}

/** A time in the viewer's zone; UTC on hover. */
export function Time({ at }: { readonly at: string | number }) {
  const nowMs = useHostNowMs();
  return (
    <time dateTime={new Date(at).toISOString()} title={utcText(at)}>
      {timeText(at, nowMs)}
    </time>
  );
}

/** How long ago, by the daemon's clock; the time on hover, in both zones. */
export function Age({ at, suffix = "" }: { readonly at: string; readonly suffix?: string }) {
  const nowMs = useHostNowMs();
  // Not with every second that passes.
  const title = useMemo(() => `${viewerFormats().dayAndTime.format(new Date(at))} · ${utcText(at)}`, [at]);
  return (
    <time dateTime={at} title={title}>
      {ageText(nowMs - Date.parse(at))}
      {suffix}
    </time>
  );
}
