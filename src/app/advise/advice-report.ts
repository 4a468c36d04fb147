export type { AdviceReport, Finding, Measured, Method, Place, Saving, Tip } from "../../advice/finding.ts";
export {
  type Firmware as FirmwareName,
  firmwares as firmwareNames,
  newestFirmware,
} from "../../lab/experiment.ts";
