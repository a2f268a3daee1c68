// Coordinators compress with LZ4, which KafkaJS leaves to others.
import kafkajs from "kafkajs";
// @ts-expect-error it has no types
import lz4 from "lz4js";

kafkajs.CompressionCodecs[kafkajs.CompressionTypes.LZ4] = () => ({
  compress: async (encoder: { buffer: Buffer }): Promise<Buffer> => Buffer.from(lz4.compress(encoder.buffer)),
  decompress: async (bytes: Buffer): Promise<Buffer> => Buffer.from(lz4.decompress(bytes)),
});
