import type { AlertView, ReadingView } from "../../client/views.ts";
import { withoutName } from "../model/trouble.ts";
import { Badge } from "../parts/badge.tsx";
import { Age, Time } from "../parts/time.tsx";
import { figuresText, worstFirst } from "./alert-words.ts";

/** What the alert's figure is now, and its rule. */
export function AlertNote({
  alert,
  reading,
}: {
  readonly alert: AlertView;
  readonly reading: ReadingView | null;
}) {
  const figures = figuresText(alert, reading);
  return (
    <p class="quiet alert-note">
      {figures !== "" && `${figures} `}Rule: <code>{alert.condition}</code>
    </p>
  );
}

/** The alerts, the worst first. */
export function AlertList({
  alerts,
  name,
  reading,
}: {
  readonly alerts: readonly AlertView[];
  /** The board's. */
  readonly name: string;
  readonly reading: ReadingView | null;
}) {
  return (
    <ul class="alerts" aria-label="Alerts that fire">
      {worstFirst(alerts).map((alert) => (
        <li key={alert.rule} class={`alert alert-${alert.severity}`}>
          <Badge level={alert.severity} text={`${alert.severity}: ${alert.rule}`} /> for{" "}
          <Age at={alert.since} />{" "}
          <span class="quiet">
            since <Time at={alert.since} />
          </span>
          <span class="alert-message">{withoutName(alert.message, name)}</span>
          <AlertNote alert={alert} reading={reading} />
        </li>
      ))}
    </ul>
  );
}
