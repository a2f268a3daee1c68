// Records in Confluent's wire format: a zero byte, the id of the writer's schema (4 bytes, big endian), Avro's binary.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import avro from "avsc";

const NAMESPACE = "io.stepstream.schemas.";
const PREFIX_LENGTH = 5;

/** Bytes that are no record of the expected kind; the message says why. */
export class Unreadable extends Error {}

/** The fields that a worker needs of a TaskOrder. */
export interface TaskOrder {
  executionArn: string;
  stateName: string;
  resource: string;
  function: string | null;
  frameId: number;
  epoch: number;
  retryCount: number;
  /** Milliseconds since 1970. */
  deadline: number | null;
  heartbeatSeconds: number | null;
  inboxTopic: string;
  inboxPartition: number;
  input: Buffer;
  taskToken: string | null;
}

/** What answers an order: the value of Envelope.body. */
export type Body =
  | { TaskSucceeded: { output: Buffer } }
  | { TaskSubmitted: { output: Buffer } }
  | { TaskFailed: { error: string | null; cause: string | null } }
  | { TaskHeartbeat: { workerId: string | null } };

/** Reads with the schema that a record was written with, writes with the latest one of its kind. */
export class Wire {
  private readonly names = new Map<number, { record: string; version: number }>();
  private readonly latest = new Map<string, { version: number; id: number }>();
  private readonly types = new Map<string, avro.Type>();

  /** @param schemas the directory with bundled-ids.properties and versions/RECORD/N.avsc of Stepstream */
  constructor(private readonly schemas: string) {
    const ids = readFileSync(join(schemas, "bundled-ids.properties"), "utf8");
    for (const [, record, version, id] of ids.matchAll(/^(\w+)\/(\d+)=(\d+) /gm) as Iterable<string[]>) {
      const known = { record: record!, version: Number(version) };
      this.names.set(Number(id), known);
      if (known.version > (this.latest.get(known.record)?.version ?? 0)) {
        this.latest.set(known.record, { version: known.version, id: Number(id) });
      }
    }
  }

  /** @throws Unreadable */
  order(value: Buffer | null): TaskOrder {
    if (value === null || value.length < PREFIX_LENGTH) {
      throw new Unreadable("too few bytes for Confluent's wire format");
    }
    if (value[0] !== 0) {
      throw new Unreadable("the first byte is not the 0x00 of Confluent's wire format");
    }
    const id = value.readUInt32BE(1);
    const known = this.names.get(id);
    if (known?.record !== "TaskOrder") {
      throw new Unreadable(`schema id ${id} is of ${known?.record}, not of TaskOrder`);
    }
    try {
      return this.type(known.record, known.version).fromBuffer(value.subarray(PREFIX_LENGTH)) as TaskOrder;
    } catch (e) {
      throw new Unreadable(`no TaskOrder: ${e}`);
    }
  }

  /** The answer to an order. */
  envelope(order: TaskOrder, body: Body): Buffer {
    const branch = Object.entries(body).map(([record, fields]) => [NAMESPACE + record, fields]);
    return this.encode("Envelope", {
      executionArn: order.executionArn,
      generation: 1,
      frameId: order.frameId,
      epoch: order.epoch,
      seq: 0,
      replyTo: null,
      body: Object.fromEntries(branch),
    });
  }

  announcement(pool: string, queue: string, handlers: string[]): Buffer {
    return this.encode("WorkerAnnouncement", { pool, queue, handlers, version: "typescript", lastSeen: Date.now() });
  }

  private encode(record: string, fields: object): Buffer {
    const { version, id } = this.latest.get(record)!;
    const prefix = Buffer.alloc(PREFIX_LENGTH);
    prefix.writeUInt32BE(id, 1);
    return Buffer.concat([prefix, this.type(record, version).toBuffer(fields)]);
  }

  private type(record: string, version: number): avro.Type {
    const key = `${record}/${version}`;
    let type = this.types.get(key);
    if (type === undefined) {
      type = avro.Type.forSchema(JSON.parse(readFileSync(join(this.schemas, "versions", `${key}.avsc`), "utf8")));
      this.types.set(key, type);
    }
    return type;
  }
}
