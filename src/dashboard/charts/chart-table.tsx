import { useState } from "preact/hooks";
import { Time } from "../parts/time.tsx";
import { type ChartRow, lineNames } from "./chart-rows.ts";
import { lineLooks, spreadText } from "./chart-words.ts";

const mostRows = 50;

/** The newest points as a table, for who cannot see the chart. Made only when it is opened. */
export function ChartTable({ rows }: { readonly rows: readonly (ChartRow | null)[] }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="chart-table" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Show as table</summary>
      {isOpen && (
        <table>
          <caption>The last {mostRows} points of the charts, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              {lineNames.map((name) => (
                <th key={name} scope="col">
                  {lineLooks[name].words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows
              .filter((row) => row !== null)
              .slice(-mostRows)
              .reverse()
              .map((row) => (
                <tr key={row.atMs}>
                  <th scope="row">
                    <Time at={row.atMs} />
                  </th>
                  {lineNames.map((name) => (
                    <td key={name}>{spreadText(row[name], lineLooks[name].text)}</td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
