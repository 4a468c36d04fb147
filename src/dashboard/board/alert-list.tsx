import type { AlertView, BoardView, ReadingView } from "../../client/views.ts";
import { alertSince, withoutName } from "../model/trouble.ts";
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
  board,
}: {
  readonly alerts: readonly AlertView[];
  readonly board: BoardView;
}) {
  return (
    <ul class="alerts" aria-label="Alerts that fire">
      {worstFirst(alerts).map((alert) => (
        <li key={alert.rule} class={`alert alert-${alert.severity}`}>
          <Badge level={alert.severity} text={`${alert.severity}: ${alert.rule}`} /> for{" "}
          <Age at={alertSince(alert, board)} />{" "}
          <span class="quiet">
            since <Time at={alertSince(alert, board)} />
          </span>
          <span class="alert-message">{withoutName(alert.message, board.name)}</span>
          <AlertNote alert={alert} reading={board.lastReading} />
        </li>
      ))}
    </ul>
  );
}
