/**
 * The worker against a real broker. The broker here allows shorter locks than Kafka's defaults do,
 * so that what happens when a lock expires can be seen within seconds.
 */
@NullMarked
package io.stepstream.dev.worker;

import org.jspecify.annotations.NullMarked;
