import { render } from "preact";
import { App } from "./shell/app.tsx";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/overview.css";
import "./styles/map.css";
import "./styles/compare.css";
import "./styles/board.css";
import "./styles/marks.css";
import "./styles/advice.css";
import "uplot/dist/uPlot.min.css";
import "./styles/charts.css";
import "./styles/console.css";

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
