/**
 * The worker application: every bean that is a {@link io.stepstream.worker.handler.TaskHandler} is
 * served, and every one that {@link java.util.ServiceLoader} finds.
 *
 * <p>It is a CDI part without a {@code main} of its own, so that another Quarkus application can
 * hold it besides other things; {@code stepstream.worker.enabled=false} switches it off there.
 */
@NullMarked
package io.stepstream.worker.app;

import org.jspecify.annotations.NullMarked;
