import type { ApiDeps } from "./api-deps.ts";
import type { App } from "./app-type.ts";
import { findBoard } from "./find-board.ts";
import { problems } from "./responses.ts";
import { ModulesSeenSchema } from "./schemas-advice.ts";
import { BoardSnapshotSchema } from "./schemas-board.ts";
import {
  AttachBody,
  BoardParams,
  CollectBody,
  ModulesBody,
  NoQuery,
  ReadBody,
  ReleaseBody,
} from "./schemas-http.ts";
import { CollectionSchema, ReadingSchema } from "./schemas-reading.ts";

/** POST read, collect, modules, release and attach: what a person may ask of a board. Nothing here runs a caller's code on it. */
export function controlRoute(app: App, deps: ApiDeps): void {
  const answers = problems(400, 403, 404, 409, 415, 500, 502, 503, 504);

  app.post(
    "/api/v1/boards/:id/read",
    {
      schema: {
        summary: "Take a reading now",
        description:
          "Answers when the board has answered; the reading is stored and on the feed by then. A map costs the board time: 125 to 180 ms on an RP2040, many seconds on a big heap over a slow line.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: ReadBody,
        response: { 200: ReadingSchema, ...answers },
      },
    },
    async ({ params, body }) => findBoard(deps, params.id).read({ map: body.map ?? false }),
  );

  app.post(
    "/api/v1/boards/:id/collect",
    {
      schema: {
        summary: "Collect garbage now",
        description: "A reading, gc.collect(), a reading: what it reclaimed and how long the board paused.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: CollectBody,
        response: { 200: CollectionSchema, ...answers },
      },
    },
    async ({ params }) => findBoard(deps, params.id).collect(),
  );

  app.post(
    "/api/v1/boards/:id/modules",
    {
      schema: {
        summary: "List the modules that it has loaded",
        description:
          "Asks the board for sys.modules and where each came from; it changes nothing there. The answer is kept for GET advice until the daemon ends.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: ModulesBody,
        response: { 200: ModulesSeenSchema, ...answers },
      },
    },
    async ({ params }) => findBoard(deps, params.id).listModules(),
  );

  app.post(
    "/api/v1/boards/:id/release",
    {
      schema: {
        summary: "Lend the port to another program",
        description:
          "Answers when the board is at its friendly prompt and its port closed, so that mpremote, Thonny or a flash tool can open it. Nothing is read until attach, or until the seconds are over.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: ReleaseBody,
        response: { 200: BoardSnapshotSchema, ...answers },
      },
    },
    async ({ params, body }) => {
      const board = findBoard(deps, params.id);
      await board.release(body.seconds === undefined ? null : body.seconds * 1000);
      return board.snapshot();
    },
  );

  app.post(
    "/api/v1/boards/:id/attach",
    {
      schema: {
        summary: "Take a released port back",
        description: "Reading goes on as soon as the other program has closed the port.",
        tags: ["control"],
        params: BoardParams,
        querystring: NoQuery,
        body: AttachBody,
        response: { 200: BoardSnapshotSchema, ...answers },
      },
    },
    async ({ params }) => {
      const board = findBoard(deps, params.id);
      board.attach();
      return board.snapshot();
    },
  );
}
