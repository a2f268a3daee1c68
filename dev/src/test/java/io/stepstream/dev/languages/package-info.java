/** Workers that aren't written in Java, as processes, against a real stack. */
@org.jspecify.annotations.NullMarked
package io.stepstream.dev.languages;
