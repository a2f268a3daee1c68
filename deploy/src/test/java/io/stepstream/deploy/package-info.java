/**
 * The Helm chart, rendered by Helm in this process and held against what it must agree with:
 * Kubernetes' and Strimzi's own models, our topics, rights and settings, and the rules that every
 * pod has to follow.
 *
 * <p>No cluster is asked. What only one can tell, such as whether a volume is mounted in time, is
 * told by nothing here.
 */
@org.jspecify.annotations.NullMarked
package io.stepstream.deploy;
