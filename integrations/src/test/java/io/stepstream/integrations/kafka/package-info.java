@NullMarked
package io.stepstream.integrations.kafka;

import org.jspecify.annotations.NullMarked;
