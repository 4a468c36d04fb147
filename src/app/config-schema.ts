import Type, { type Static } from "typebox";
import { helperModes } from "../board/helper-mode.ts";
import { whenBusyPolicies } from "../board/when-busy.ts";

/**
 * The configuration: one schema for types, defaults, documentation and the editor's schema file. Every key has a
 * default, so an empty file is a valid one.
 */
const readInterval = { minimum: 0.1, maximum: 86_400, description: "How often the heap's figures are read." };
const collectInterval = {
  minimum: 0,
  maximum: 604_800,
  description: "How often gc.collect() runs between two readings. 0 = never.",
};
const mapInterval = {
  minimum: 0,
  maximum: 604_800,
  description: "A map of every block is due at least so often. 0 = only when the heap moved.",
};
const mapShare = {
  minimum: 0,
  maximum: 100,
  description: "Largest share of the board's time that periodic maps may take. 0 = no periodic maps.",
};
const whenBusy = {
  description:
    "What to do while a program holds the prompt. skip = wait, never interrupt. interrupt = Ctrl-C, read, stay at the prompt. restart = Ctrl-C, read, soft reset, so that main.py runs again. resume = Ctrl-C, read, continue the asyncio loop.",
};

const helper = {
  description:
    "The helper on a board (firmware-helpers/heapscope.py) that reports by itself. auto = its reports are taken wherever they come; while they come, heapscope writes nothing to the board. only = heapscope never writes to the board. off = its reports are an application's output.",
};
const helperRequest = {
  // One byte that is no Ctrl-C.
  pattern: "^[\\u0001\\u0002\\u0004-\\u007f]$",
  description:
    'One character on which the helper answers with a map, as in heapscope.task(request=b"\\x05"): what POST read writes while the helper reports. Default: none.',
};

const historyDays = { minimum: 1, maximum: 36_500 };

const board = Type.Object(
  {
    port: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "Device path (/dev/ttyACM0), serial:PATH, or tcp://HOST:PORT. A path may have wildcards (/dev/ttyUSB*, /dev/serial/by-id/usb-Silicon_Labs_*, ?, [0-3]): every port that matches is a board, now or when it is plugged in. A port belongs to the first entry that matches. Either this or serialNumber.",
      }),
    ),
    serialNumber: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "In place of port: USB serial number, wildcards allowed (E66141*); upper and lower case are the same. Every port that matches is a board.",
      }),
    ),
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          "A name for people. Default: the board's id. Where wildcards match several boards, the first one gets it.",
      }),
    ),
    baudRate: Type.Optional(
      Type.Integer({ minimum: 300, maximum: 4_000_000, description: "For UART bridges. Default 115200." }),
    ),
    dtr: Type.Optional(
      Type.Boolean({
        description:
          "Modem line DTR after opening. Default: asserted, as the system opens ports; native USB boards send nothing without it. A line that is not named follows the other. Give false where DTR or RTS is wired straight to a board's reset pin (ESP32-CAM-MB).",
      }),
    ),
    rts: Type.Optional(
      Type.Boolean({
        description:
          "Modem line RTS after opening. Default: asserted. DTR and RTS both asserted or both clear let an ESP board run; dtr: false with rts: true holds it in reset, dtr: true with rts: false is its boot mode.",
      }),
    ),
    readIntervalSeconds: Type.Optional(Type.Number(readInterval)),
    collectIntervalSeconds: Type.Optional(Type.Number(collectInterval)),
    mapIntervalSeconds: Type.Optional(Type.Number(mapInterval)),
    mapSharePercent: Type.Optional(Type.Number(mapShare)),
    whenBusy: Type.Optional(Type.Enum(whenBusyPolicies, whenBusy)),
    helper: Type.Optional(Type.Enum([...helperModes], helper)),
    helperRequest: Type.Optional(Type.String(helperRequest)),
    consolePort: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_535,
        description:
          "TCP port on 127.0.0.1 at which mpremote (mpremote connect rfc2217://127.0.0.1:PORT) and other tools (plain bytes) reach the board through the daemon. Any user of this machine can then. Default: none.",
      }),
    ),
  },
  {
    additionalProperties: false,
    oneOf: [{ required: ["port"] }, { required: ["serialNumber"] }],
    description: "One board, or every board that a wildcard matches. Sampling keys override `sampling`.",
  },
);

const severity = Type.Enum(["info", "warning", "critical"]);

const alertRule = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Its name in alerts. A rule named like a default one takes that one's place.",
    }),
    when: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          "The condition, such as: largestFreeBytes < 4 KiB after collection for 3 readings. Metrics: usedBytes, freeBytes, largestFreeBytes, fragmentation, utilization, stackUsedBytes, leakBytesPerHour, timeToExhaustion. Also: missed for 3 readings, rebooting, unreachable for 2 min. A rule named like a default one may leave it out and keeps that one's.",
      }),
    ),
    clear: Type.Optional(
      Type.Unsafe<string | number>({
        type: ["string", "number"],
        description:
          "The alert resolves only at this value (70 %, 8 KiB). Default: 5 % of the threshold beyond it.",
      }),
    ),
    severity: Type.Optional({
      ...severity,
      description: "Default warning, or that of the default rule of this name.",
    }),
    boards: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        description: "Ids or names of boards, wildcards allowed. Default: every board.",
      }),
    ),
    enabled: Type.Optional(Type.Boolean({ description: "false: the rule is not in force. Default true." })),
  },
  { additionalProperties: false, description: "When to alert." },
);

const webhook = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      description:
        "http:// or https:// address that gets a POST for each alert that fires or resolves. USER:PASSWORD@ in it becomes basic authentication.",
    }),
    secret: Type.Optional(
      Type.String({ minLength: 8, description: "Signs each request: X-Heapscope-Signature. Never shown." }),
    ),
    severities: Type.Array(severity, {
      minItems: 1,
      default: ["info", "warning", "critical"],
      description: "Only alerts of these.",
    }),
    timeoutSeconds: Type.Number({
      minimum: 0.1,
      maximum: 120,
      default: 10,
      description: "How long one request may take.",
    }),
  },
  { additionalProperties: false, description: "Where alerts are sent." },
);

export const configSchema = Type.Object(
  {
    listen: Type.String({
      pattern: "^(\\[[0-9a-fA-F:]+\\]|[^:\\s]+):[0-9]{1,5}$",
      default: "127.0.0.1:7380",
      description:
        "HOST:PORT of the API, the feed and the docs. Port 0 = any free one. Other machines can reach 0.0.0.0 (all addresses) or an address of this machine; heapscope listens there only when there is a token.",
    }),
    tokens: Type.String({
      minLength: 1,
      default: "~/.local/state/heapscope/tokens.json",
      description:
        'File of the access tokens, as hashes; "heapscope token create" writes it. ~ is the home folder. Changes are seen without a restart.',
    }),
    requireToken: Type.Boolean({
      default: false,
      description:
        "Ask for a token on 127.0.0.1 as well, where otherwise every user of this machine is let in. Set it behind a proxy. A board's consolePort asks for none. Where other machines can reach heapscope, and with allowedHosts, a token is required in any case.",
    }),
    allowedHosts: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description:
        "Names under which browsers and programs may address heapscope, beside localhost and where it listens: a proxy's, or this machine's in the network. Without port.",
    }),
    database: Type.String({
      minLength: 1,
      default: "~/.local/state/heapscope/heapscope.db",
      description: "File of the history. ~ is the home folder. :memory: keeps nothing.",
    }),
    history: Type.Object(
      {
        eventDays: Type.Number({
          ...historyDays,
          default: 90,
          description: "How long single readings, collections and missed readings are kept.",
        }),
        minuteDays: Type.Number({
          ...historyDays,
          default: 400,
          description: "How long roll-ups by the minute, and one map a day, are kept.",
        }),
        hourDays: Type.Number({
          ...historyDays,
          default: 3650,
          description: "How long roll-ups by the hour, alerts and changes of boards are kept.",
        }),
        maxMegabytes: Type.Number({
          minimum: 0,
          maximum: 1_000_000,
          default: 2000,
          description: "Largest size of the database: beyond it the oldest day goes. 0 = no limit.",
        }),
      },
      { additionalProperties: false, default: {}, description: "What is kept of the history, and how long." },
    ),
    autoAttach: Type.Boolean({
      default: true,
      description:
        "Attach boards whose USB ids are MicroPython for certain. Bridges only when named in `boards`, whose entries come first.",
    }),
    emulate: Type.Integer({
      minimum: 0,
      maximum: 64,
      default: 0,
      description: "How many emulated boards to start beside the real ones.",
    }),
    log: Type.Object(
      {
        level: Type.Enum(["trace", "debug", "info", "warn", "error", "silent"], {
          default: "info",
          description: "Least severe level that is logged.",
        }),
        format: Type.Enum(["auto", "pretty", "json"], {
          default: "auto",
          description: "auto = pretty in a terminal, one JSON object per line elsewhere.",
        }),
      },
      { additionalProperties: false, default: {}, description: "The daemon's own log, on standard error." },
    ),
    sampling: Type.Object(
      {
        readIntervalSeconds: Type.Number({ ...readInterval, default: 10 }),
        collectIntervalSeconds: Type.Number({ ...collectInterval, default: 60 }),
        mapIntervalSeconds: Type.Number({ ...mapInterval, default: 300 }),
        mapSharePercent: Type.Number({ ...mapShare, default: 2 }),
        whenBusy: Type.Enum(whenBusyPolicies, { ...whenBusy, default: "skip" }),
        helper: Type.Enum([...helperModes], { ...helper, default: "auto" }),
        helperRequest: Type.Optional(Type.String(helperRequest)),
      },
      {
        additionalProperties: false,
        default: {},
        description: "How boards are read, unless a board says otherwise.",
      },
    ),
    alerts: Type.Object(
      {
        defaults: Type.Boolean({
          default: true,
          description: "Whether the default rules are in force. check-config shows them.",
        }),
        rules: Type.Array(alertRule, { default: [], description: "Rules beside the default ones." }),
        webhooks: Type.Array(webhook, { default: [], description: "Who is told, beside API and feed." }),
      },
      { additionalProperties: false, default: {}, description: "When to alert, and whom to tell." },
    ),
    boards: Type.Array(board, {
      default: [],
      description: "Boards to watch, beside those attached by themselves.",
    }),
  },
  { additionalProperties: false, title: "heapscope configuration" },
);

export type Config = Static<typeof configSchema>;
export type AlertsConfig = Config["alerts"];
export type BoardConfig = Config["boards"][number];
