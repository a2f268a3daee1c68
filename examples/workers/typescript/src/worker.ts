// Takes orders from a queue in a consumer group, runs their functions, publishes the results, commits.
import { hostname } from "node:os";
import kafkajs, { type Consumer, type EachMessagePayload, type KafkaMessage, type Producer } from "kafkajs";
import { Attempt, type Functions } from "./attempt.js";
import { invoke } from "./invocation.js";
import "./lz4.js";
import { type Body, type TaskOrder, Unreadable, Wire } from "./wire.js";

const ANNOUNCE_MILLIS = 30_000;
const GROUP_BEAT_MILLIS = 3_000;
/** Node.js takes no longer timers; a deadline that is farther away ends nothing here. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

export interface Settings {
  bootstrapServers: string[];
  queue: string;
  pool: string;
  functions: Functions;
  /** The directory of Stepstream's schemas. */
  schemas: string;
  queuePartitions: number;
}

/**
 * One queue, one order of each of its partitions at a time.
 *
 * An order's offset is committed when the broker has acknowledged its result, so an order is carried out at least once.
 * Results of an attempt are told apart by the coordinator, so a second one does no harm; what the function does besides
 * is its own matter (Attempt.idempotencyKey).
 */
export class Worker {
  private readonly wire: Wire;
  private readonly kafka: kafkajs.Kafka;
  private readonly producer: Producer;
  private readonly consumer: Consumer;
  private readonly topic: string;
  private readonly id: string;
  private announcing: NodeJS.Timeout | undefined;

  constructor(private readonly settings: Settings) {
    this.wire = new Wire(settings.schemas);
    this.topic = `stepstream.tasks.${settings.queue}`;
    this.id = `${settings.pool}@${hostname()}`;
    this.kafka = new kafkajs.Kafka({ brokers: settings.bootstrapServers, clientId: this.id });
    // KafkaJS' idempotent producer sends one batch at a time; a result that comes twice is rejected anyway.
    this.producer = this.kafka.producer();
    // All workers of a queue compete in this group; under another one each order would run twice.
    this.consumer = this.kafka.consumer({
      groupId: `stepstream.workers.${settings.queue}`,
      // A worker that was killed is missed after it, and its orders go to the others.
      sessionTimeout: 10_000,
      // Orders of an aborted transaction were never given.
      readUncommitted: false,
    });
  }

  /** @param crashed called when the consumer has ended for good, so that whoever watches the process starts it anew */
  async start(crashed: (e: Error) => void): Promise<void> {
    this.consumer.on(this.consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) {
        crashed(payload.error);
      }
    });
    await this.createQueue();
    await this.producer.connect();
    await this.consumer.connect();
    // Orders from before the first worker count.
    await this.consumer.subscribe({ topics: [this.topic], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: this.settings.queuePartitions,
      eachMessage: (delivery) => this.take(delivery),
    });
    await this.announce();
    this.announcing = setInterval(() => {
      this.announce().catch((e) => console.warn(`An announcement was lost; the next one follows. ${e}`));
    }, ANNOUNCE_MILLIS);
  }

  /** What runs ends and is answered; nothing new is taken. */
  async stop(): Promise<void> {
    clearInterval(this.announcing);
    await this.consumer.disconnect();
    await this.producer.disconnect();
  }

  /** If it rejects, KafkaJS delivers the order again. */
  private async take({ partition, message, heartbeat }: EachMessagePayload): Promise<void> {
    let order: TaskOrder;
    try {
      order = this.wire.order(message.value);
    } catch (e) {
      if (!(e instanceof Unreadable)) {
        throw e;
      }
      await this.deadLetter(partition, message, e.message);
      await this.commit(partition, message);
      return;
    }
    if (order.deadline === null || order.deadline > Date.now()) {
      // A long task must not cost the worker its place in the group.
      const groupBeat = setInterval(() => void heartbeat().catch(() => undefined), GROUP_BEAT_MILLIS);
      try {
        await this.carryOut(order);
      } finally {
        clearInterval(groupBeat);
      }
    }
    await this.commit(partition, message);
  }

  private async carryOut(order: TaskOrder): Promise<void> {
    const ends = new AbortController();
    const attempt = new Attempt(order, ends.signal);
    const left = order.deadline === null ? Infinity : order.deadline - Date.now();
    const deadline = left > LONGEST_TIMER_MILLIS ? undefined : setTimeout(() => ends.abort(), left);
    const beat =
      order.heartbeatSeconds === null
        ? undefined
        : setInterval(() => this.beat(order, attempt), (order.heartbeatSeconds * 1_000) / 3);
    console.log(`${attempt.idempotencyKey}: begins`);
    try {
      const body = await invoke(this.settings.functions, order, attempt);
      console.log(`${attempt.idempotencyKey}: ${Object.keys(body)[0]}`);
      await this.send(order, body);
    } finally {
      clearTimeout(deadline);
      clearInterval(beat);
    }
  }

  private beat(order: TaskOrder, attempt: Attempt): void {
    if (attempt.takeDueBeat()) {
      this.send(order, { TaskHeartbeat: { workerId: this.id } }).catch((e) =>
        console.warn(`A heartbeat was lost; the next one follows. ${e}`),
      );
    }
  }

  /** Resolves when all replicas in sync have it. */
  private async send(order: TaskOrder, body: Body): Promise<void> {
    await this.producer.send({
      topic: order.inboxTopic,
      acks: -1,
      messages: [
        {
          key: order.executionArn,
          // Not the partitioner's choice: the execution lives in this partition.
          partition: order.inboxPartition,
          value: this.wire.envelope(order, body),
        },
      ],
    });
  }

  private async commit(partition: number, message: KafkaMessage): Promise<void> {
    const offset = (BigInt(message.offset) + 1n).toString();
    await this.consumer.commitOffsets([{ topic: this.topic, partition, offset }]);
  }

  private async deadLetter(partition: number, message: KafkaMessage, reason: string): Promise<void> {
    console.warn(`The order at ${this.topic}-${partition}@${message.offset} goes to the dead letters: ${reason}`);
    await this.producer.send({
      topic: "stepstream.dlq",
      acks: -1,
      messages: [
        {
          key: message.key,
          value: message.value,
          headers: {
            ...message.headers,
            "stepstream.dlq.reason": reason,
            "stepstream.dlq.component": "worker",
            "stepstream.dlq.topic": this.topic,
            "stepstream.dlq.partition": String(partition),
            "stepstream.dlq.offset": message.offset,
            "stepstream.dlq.timestamp": message.timestamp,
          },
        },
      ],
    });
  }

  /** Tells coordinators which functions are served on which queue; nothing is taken back at the end. */
  private async announce(): Promise<void> {
    const { pool, queue, functions } = this.settings;
    const value = this.wire.announcement(pool, queue, Object.keys(functions).sort());
    await this.producer.send({ topic: "stepstream.workers", acks: -1, messages: [{ key: `${pool}/${queue}`, value }] });
  }

  private async createQueue(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await admin.createTopics({
        topics: [
          {
            topic: this.topic,
            numPartitions: this.settings.queuePartitions,
            configEntries: [
              { name: "cleanup.policy", value: "delete" },
              { name: "retention.ms", value: String(30 * 86_400_000) },
              { name: "max.message.bytes", value: "1048576" },
            ],
          },
        ],
      });
    } finally {
      await admin.disconnect();
    }
  }
}
