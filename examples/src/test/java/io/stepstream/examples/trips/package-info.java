@org.jspecify.annotations.NullMarked
package io.stepstream.examples.trips;
