/** Tasks that publish and read records, against a real broker. */
@NullMarked
package io.stepstream.dev.kafka;

import org.jspecify.annotations.NullMarked;
