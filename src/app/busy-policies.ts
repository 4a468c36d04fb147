/** For commands, which import nothing below app. */
export { type WhenBusy, whenBusyPolicies } from "../board/when-busy.ts";
