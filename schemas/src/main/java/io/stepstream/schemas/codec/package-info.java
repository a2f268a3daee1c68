/**
 * Records to bytes and back: {@link io.stepstream.schemas.codec.WireCodec} for topics (Confluent's
 * wire format), {@link io.stepstream.schemas.codec.RowCodec} for stores (Avro's single-object
 * encoding).
 *
 * <p>Invariants: bytes that cannot be read are a value, {@link
 * io.stepstream.schemas.codec.Decoded.Unreadable}, never an exception, because a stream thread that
 * throws on a foreign record dies on the same record for ever. What is read never allocates more
 * than the input's size allows. Decoded buffers belong to the record alone: nothing is reused.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.schemas.codec;
