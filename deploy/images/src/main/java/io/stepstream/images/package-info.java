/**
 * Builds the container images of coordinator and worker, without a Docker daemon.
 *
 * <p>An image has a Java runtime of its own, linked by the JDK that builds, because a cache of
 * classes is good for the very JVM that wrote it. What a layer is made of is first laid out as the
 * image will have it, with fixed times, since the JVM compares those of the class path too.
 *
 * <p>Invariants: the same files give the same image; nothing in an image is a secret; its process
 * isn't root.
 */
@NullMarked
package io.stepstream.images;

import org.jspecify.annotations.NullMarked;
