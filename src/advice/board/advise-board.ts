import { type AdviceReport, inOrder } from "../finding.ts";
import { allocationOf } from "./allocation.ts";
import { type BoardHistory, timeOf } from "./board-history.ts";
import { churnAdvice } from "./churn-advice.ts";
import { collectPeriod } from "./collect-period.ts";
import { loadedFromSource } from "./loaded-from-source.ts";
import { missingAlerts } from "./missing-alerts.ts";
import { readTooRarely } from "./reading-interval.ts";
import { unreadAdvice } from "./unread-advice.ts";

/**
 * What of the five tips a board's history and its loaded modules speak for. Pure. What a healthy board shows is no finding, and
 * neither is what there is too little data for.
 */
export function adviseBoard(history: BoardHistory): AdviceReport {
  const { boardId, analysis, modules } = history;
  const allocation = allocationOf(history);
  const findings = [
    ...unreadAdvice(history),
    readTooRarely(history, allocation),
    ...missingAlerts(history),
    churnAdvice(history, allocation),
    collectPeriod(history, allocation),
  ];
  return {
    subject: {
      kind: "board",
      boardId,
      ...timeOf(history),
      readings: analysis.counts.readings,
      collections: analysis.counts.collections,
      modules,
    },
    findings: inOrder(findings.filter((finding) => finding !== null)),
    notMeasured: loadedFromSource(modules),
    problems: [],
  };
}
