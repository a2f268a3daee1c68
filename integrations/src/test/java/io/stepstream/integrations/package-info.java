@NullMarked
package io.stepstream.integrations;

import org.jspecify.annotations.NullMarked;
