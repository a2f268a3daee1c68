@NullMarked
package io.stepstream.integrations.kubernetes;

import org.jspecify.annotations.NullMarked;
