@NullMarked
package io.stepstream.asl.nested;

import org.jspecify.annotations.NullMarked;
