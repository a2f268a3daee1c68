@NullMarked
package io.stepstream.integrations.aws;

import org.jspecify.annotations.NullMarked;
