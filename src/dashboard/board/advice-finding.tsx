import { curveDrawing, curveHeight, curveText, curveWidth } from "./advice-curve.ts";
import { comparedFigures, type FindingView, methodText, savingText, tipText } from "./advice-words.ts";

/** What is so, what it would be with the change, the change, and how that is known. */
export function AdviceFinding({ finding }: { readonly finding: FindingView }) {
  const { title, change, tip } = finding;
  const saving = savingText(finding);
  return (
    <li class="advice-finding">
      <p class="advice-tip">
        <span class="tag">{tipText(tip)}</span>
        {saving !== null && <strong>{saving}</strong>}
      </p>
      <p>{title}</p>
      <Compared finding={finding} />
      <p>
        <strong>Change:</strong> {change}
      </p>
      <Curve curve={finding.curve} />
      <p class="quiet basis">{methodText(finding)}</p>
    </li>
  );
}

function Compared({ finding }: { readonly finding: FindingView }) {
  const figures = comparedFigures(finding);
  if (figures.length === 0) return null;
  const { before, after } = finding;
  const label = after === null ? before?.label : `${before?.label ?? "before"} → ${after.label}`;
  return (
    <>
      <dl class="head-figures advice-figures">
        {figures.map(({ name, before: was, after: is }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{was !== null && is !== null ? `${was} → ${is}` : (was ?? is)}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet basis">{label}</p>
    </>
  );
}

function Curve({ curve }: Pick<FindingView, "curve">) {
  const drawing = curveDrawing(curve);
  if (drawing === null) return null;
  return (
    <figure class="advice-curve">
      <svg viewBox={`0 0 ${curveWidth} ${curveHeight}`} role="img" aria-label={curveText(curve)}>
        <polyline class="garbage" points={drawing.garbage} />
        <polyline class="pauses" points={drawing.pauses} />
        {drawing.points.map(({ x, garbageY, pausesY, text }) => (
          <g key={x}>
            <title>{text}</title>
            <circle class="garbage" cx={x} cy={garbageY} r="2.5" />
            <rect class="pauses" x={x - 2.5} y={pausesY - 2.5} width="5" height="5" />
          </g>
        ))}
      </svg>
      <figcaption>
        Collected {drawing.points[0]?.text}; … {drawing.points.at(-1)?.text}.{" "}
        <span class="garbage">● garbage found</span> <span class="pauses">■ time in pauses</span>
      </figcaption>
    </figure>
  );
}
