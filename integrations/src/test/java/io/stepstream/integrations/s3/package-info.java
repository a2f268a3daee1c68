@NullMarked
package io.stepstream.integrations.s3;

import org.jspecify.annotations.NullMarked;
