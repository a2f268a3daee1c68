/**
 * The task handler of the video encoding example: a long task that tells of its progress and can be
 * interrupted.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.videos;
