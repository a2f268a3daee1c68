/**
 * Jobs of Kubernetes as Task states: {@link
 * io.stepstream.integrations.kubernetes.KubernetesJobHandler}.
 *
 * <p>Invariants. A job carries a label that names its attempt, by which a repeated request finds
 * the job of the first. A cluster that a definition names gets a token made for it and for nobody
 * else, over https, at an address that the operator lets calls reach; what the worker's own cluster
 * takes for credentials goes nowhere else. Calls, looks and logs are bounded.
 */
@NullMarked
package io.stepstream.integrations.kubernetes;

import org.jspecify.annotations.NullMarked;
