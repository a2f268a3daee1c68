/**
 * What a distributed Map's ItemReader reads: the objects of a bucket, or the rows, lines or
 * elements of one, as items.
 *
 * <p>Invariants. Everything streams: one item, or one page of them, is in memory at a time, however
 * large the object is (of a Parquet file: one page of each column), and an item larger than any
 * execution could take is refused before it is read to its end. The package reaches no network;
 * {@link io.stepstream.asl.items.ObjectStore} is the shell's. What a user can cause, such as an
 * object that isn't there or isn't CSV, is a {@link io.stepstream.asl.items.ReadRefused} with AWS's
 * words; any other {@link java.io.IOException} may be tried again.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.asl.items;
