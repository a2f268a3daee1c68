/**
 * The task handler of the weather reading example: how it fails depends on its input and the number
 * of the attempt.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.weather;
