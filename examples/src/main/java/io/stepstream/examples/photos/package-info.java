/** The task handler of the photo thumbnails example: a pure function of its input. */
@org.jspecify.annotations.NullMarked
package io.stepstream.examples.photos;
