/** One step of the schema. Steps are never edited once released: a later step corrects an earlier one. */
export interface Migration {
  /** The `user_version` of the database after this step; steps count up from 1 without a hole. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
