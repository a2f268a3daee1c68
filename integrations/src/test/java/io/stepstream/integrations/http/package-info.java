@NullMarked
package io.stepstream.integrations.http;

import org.jspecify.annotations.NullMarked;
