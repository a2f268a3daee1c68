/** What the handlers of several kinds of services share. */
@NullMarked
package io.stepstream.integrations;

import org.jspecify.annotations.NullMarked;
