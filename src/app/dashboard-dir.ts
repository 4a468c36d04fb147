import { fileURLToPath } from "node:url";

/** Where "npm run build" puts the web page. The same folder seen from src/app and from dist/app. */
export const dashboardDir = fileURLToPath(new URL("../../dist/dashboard", import.meta.url));
