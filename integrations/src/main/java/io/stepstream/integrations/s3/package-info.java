/**
 * What a distributed Map reads from S3 and writes to it: {@link
 * io.stepstream.integrations.s3.ReadItemsHandler} and {@link
 * io.stepstream.integrations.s3.WriteObjectHandler}, over {@link
 * io.stepstream.integrations.s3.S3ObjectStore}.
 *
 * <p>Invariants. An answer never exceeds what a task may answer. Everything streams: what is in
 * memory depends on the page that is asked for, not on the object. Any worker can answer for any
 * page; that a source stays open between its pages saves reading again what is before, and nothing
 * else rests on it. Attempts, open sources and waiting are bounded. Nothing of AWS is touched
 * before the first request, so that a worker without S3 neither pays for it nor fails to start.
 */
@NullMarked
package io.stepstream.integrations.s3;

import org.jspecify.annotations.NullMarked;
